internal import Glibc
internal import InsightsOutput

/// The program that shows long output page by page, chosen as in git: `$INSIGHTS_PAGER`, else
/// `$PAGER`, else `less` if it is installed.
///
/// `cat` and an empty name mean none.
struct Pager {
  private let command: String

  /// Returns the pager for standard output; `nil` if that is not a terminal, or no pager is
  /// available.
  static func forStandardOutput() -> Pager? {
    let setting = ["INSIGHTS_PAGER", "PAGER"].lazy.compactMap(Terminal.environmentVariable).first
    let command = setting ?? "less -FRX"
    guard isatty(STDOUT_FILENO) == 1, Terminal.environmentVariable("TERM") ?? "dumb" != "dumb",
      command != "cat", isAvailable(command)
    else { return nil }
    return Pager(command: command)
  }

  /// Whether the program at the beginning of a command can be found; a missing pager is not an
  /// error.
  private static func isAvailable(_ command: String) -> Bool {
    guard let program = command.split(separator: " ").first else { return false }
    // Leave shell syntax to the shell.
    guard program.utf8.allSatisfy({ $0 > 0x20 && !"$`\"'\\(){};&|<>*?~=".utf8.contains($0) }) else {
      return true
    }
    if program.contains("/") { return access(String(program), X_OK) == 0 }
    let folders = (Terminal.environmentVariable("PATH") ?? "/usr/bin:/bin").split(separator: ":")
    return folders.contains { access("\($0)/\(program)", X_OK) == 0 }
  }

  /// Shows what `write` appends, and waits until the user quits the pager.
  ///
  /// Returns false if the pager could not be started; then nothing was shown. Meanwhile the pager
  /// has the keyboard, so Ctrl-C is its own.
  func show(_ write: (inout OutputBuffer) throws -> Void) throws -> Bool {
    // Allow colours, and no separate screen for output that fits on one; as in git, unless the user
    // sets `LESS`.
    setenv("LESS", "FRX", 0)
    setenv("LV", "-c", 0)
    // Signals end the pager as usual, but not this program.
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
    // The shell's statuses for a program that is missing or not executable.
    if status == 126 << 8 || status == 127 << 8 { return false }
    do {
      try result.get()
    } catch OutputError.closedPipe {
      // The user quit the pager.
    }
    return true
  }
}
