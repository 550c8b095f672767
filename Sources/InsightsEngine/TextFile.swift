internal import Glibc

/// Small files of text: queries and saved queries.
public enum TextFile {
  /// More than any query has; a log given by mistake is refused rather than read.
  public static let byteLimit = 1 << 20

  /// The text of a file, `nil` when it cannot be read or is larger than `byteLimit`, 1 MiB unless
  /// said otherwise.
  public static func read(_ path: String, byteLimit: Int = byteLimit) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    return read(descriptor: descriptor, byteLimit: byteLimit)
  }

  /// All of standard input.
  public static func readStandardInput(byteLimit: Int = byteLimit) -> String? {
    read(descriptor: STDIN_FILENO, byteLimit: byteLimit)
  }

  private static func read(descriptor: Int32, byteLimit: Int) -> String? {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0, bytes.count + count <= byteLimit else { return nil }
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += chunk[..<count]
    }
  }
}
