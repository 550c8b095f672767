internal import Glibc
internal import InsightsText

/// Distinguishes SQLite databases, such as stores, from logs.
public enum DatabaseFile {
  private static let header = Array("SQLite format 3\0".utf8)
  /// The suffixes of the files that belong to a database.
  private static let companions = ["-wal", "-shm", "-journal", "-lock"]

  /// Whether a file is a database or belongs to one.
  public static func isOne(_ path: String) -> Bool {
    let companion = companions.first { path.hasSuffix($0) }
    return beginsAsDatabase(path)
      || companion.map { beginsAsDatabase(String(path.dropLast($0.count))) } ?? false
  }

  private static func beginsAsDatabase(_ path: String) -> Bool {
    let descriptor = path.withSystemPath { open($0, O_RDONLY | O_NONBLOCK | O_CLOEXEC) }
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var head = [UInt8](repeating: 0, count: header.count)
    return read(descriptor, &head, head.count) == head.count && head == header
  }
}
