internal import Glibc
internal import InsightsOutput

/// Where a command that formats its results itself writes them.
enum OutputFile {
  /// Opens the file, or standard output without a path, and writes what `write` appends.
  static func write(
    to path: String?, color: ColorChoice,
    _ write: (Terminal, inout OutputBuffer) throws -> Void
  ) throws {
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
