internal import Glibc
internal import InsightsOutput

/// The program that shows long output a screen at a time, chosen as git does: `$INSIGHTS_PAGER`, else
/// `$PAGER`, else `less` where there is one.
///
/// `cat` and an empty name mean none.
struct Pager {
  private let command: String

  /// The pager for standard output; `nil` where that is no terminal, or there is none to be had.
  static func forStandardOutput() -> Pager? {
    let setting = ["INSIGHTS_PAGER", "PAGER"].lazy.compactMap(Terminal.environmentVariable).first
    let command = setting ?? "less -FRX"
    guard isatty(STDOUT_FILENO) == 1, Terminal.environmentVariable("TERM") ?? "dumb" != "dumb",
      command != "cat", isAvailable(command)
    else { return nil }
    return Pager(command: command)
  }

  /// Whether the program that a command begins with can be found; a missing pager is no error.
  private static func isAvailable(_ command: String) -> Bool {
    guard let program = command.split(separator: " ").first else { return false }
    // What only a shell understands is left to it.
    guard program.utf8.allSatisfy({ $0 > 0x20 && !"$`\"'\\(){};&|<>*?~=".utf8.contains($0) }) else {
      return true
    }
    if program.contains("/") { return access(String(program), X_OK) == 0 }
    let folders = (Terminal.environmentVariable("PATH") ?? "/usr/bin:/bin").split(separator: ":")
    return folders.contains { access("\($0)/\(program)", X_OK) == 0 }
  }

  /// Shows what `write` appends, and waits until the user has seen enough.
  ///
  /// Returns false where the pager could not be started; then nothing was shown. The pager has the keys
  /// meanwhile: Ctrl-C is its own.
  func show(_ write: (inout OutputBuffer) throws -> Void) throws -> Bool {
    // Colours, and no screen of its own for what fits one: as in git, unless the user says otherwise.
    setenv("LESS", "FRX", 0)
    setenv("LV", "-c", 0)
    // The pager ends by signals as usual; this program outlives it.
    signal(SIGPIPE, SIG_DFL)
    let stream = popen(command, "we")
    OutputBuffer.reportClosedPipes()
    guard let stream else { return false }
    let formerSignals = [SIGINT, SIGQUIT].map { ($0, signal($0, SIG_IGN)) }
    defer { for (number, action) in formerSignals { signal(number, action) } }

    let result = Result {
      var buffer = OutputBuffer(fileDescriptor: fileno(stream))
      try write(&buffer)
      try buffer.flush()
    }
    let status = pclose(stream)
    // The shell's statuses for a program that is not there or is none.
    if status == 126 << 8 || status == 127 << 8 { return false }
    do {
      try result.get()
    } catch OutputError.closedPipe {
      // The user has seen enough.
    }
    return true
  }
}
