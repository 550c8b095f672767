internal import Glibc
internal import InsightsOutput

/// Where a command that formats its results itself writes them.
enum OutputFile {
  /// Opens the file, or standard output without a path, and writes what `write` appends.
  ///
  /// Where standard output is a terminal, `pager` shows it.
  static func write(
    to path: String?, color: ColorChoice, through pager: @autoclosure () -> Pager? = nil,
    _ write: (Terminal, inout OutputBuffer) throws -> Void
  ) throws {
    if path == nil, let pager = pager() {
      let terminal = Terminal(fileDescriptor: STDOUT_FILENO, color: color)
      if try pager.show({ try write(terminal, &$0) }) { return }
    }
    var descriptor = STDOUT_FILENO
    if let path {
      descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else {
        throw Failure(.cannotCreate, "cannot create '\(path)': \(String(cString: strerror(errno)))")
      }
    }
    defer { if path != nil { close(descriptor) } }
    var buffer = OutputBuffer(fileDescriptor: descriptor)
    try write(Terminal(fileDescriptor: descriptor, color: color), &buffer)
    try buffer.flush()
  }
}
