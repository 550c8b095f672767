internal import Glibc

/// Tells SQLite databases, such as stores, from logs.
enum DatabaseFile {
  private static let header = Array("SQLite format 3\0".utf8)
  /// What SQLite calls the files that it keeps beside a database.
  private static let companions = ["-wal", "-shm", "-journal"]

  /// Whether a file is a database, or one that SQLite keeps beside a database.
  static func isOne(_ path: String) -> Bool {
    let companion = companions.first { path.hasSuffix($0) }
    return beginsAsDatabase(path)
      || companion.map { beginsAsDatabase(String(path.dropLast($0.count))) } ?? false
  }

  private static func beginsAsDatabase(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var head = [UInt8](repeating: 0, count: header.count)
    return read(descriptor, &head, head.count) == head.count && head == header
  }
}
