internal import Glibc
internal import InsightsText

/// Reads small text files: queries and saved queries.
public enum TextFile {
  /// The default limit: larger than any query, so that a log given by mistake is rejected rather
  /// than read.
  public static let byteLimit = 1 << 20

  /// Returns the text of a file; `nil` if it cannot be read or is larger than `byteLimit`, by
  /// default 1 MiB.
  public static func read(_ path: String, byteLimit: Int = byteLimit) -> String? {
    bytes(of: path, limit: byteLimit).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Returns the bytes of a file; `nil` if it cannot be read or is larger than `limit`.
  static func bytes(of path: String, limit: Int) -> [UInt8]? {
    let descriptor = path.withSystemPath { open($0, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    return bytes(descriptor: descriptor, limit: limit)
  }

  /// Reads all of standard input; `nil` as for files.
  public static func readStandardInput(byteLimit: Int = byteLimit) -> String? {
    bytes(descriptor: STDIN_FILENO, limit: byteLimit).map { String(decoding: $0, as: UTF8.self) }
  }

  private static func bytes(descriptor: Int32, limit: Int) -> [UInt8]? {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0, bytes.count + count <= limit else { return nil }
      if count == 0 { return bytes }
      bytes += chunk[..<count]
    }
  }
}
