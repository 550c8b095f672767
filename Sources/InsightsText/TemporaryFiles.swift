internal import Glibc

/// The folder for temporary files: sorted data that does not fit in memory, temporary stores,
/// standard input.
public enum TemporaryFiles {
  /// Chosen like SQLite does, in the same order.
  public static let folder: String = {
    let chosen = ["SQLITE_TMPDIR", "TMPDIR"].compactMap { (name: String) -> String? in
      getenv(name).map { SystemPath.text(ofCString: $0) }
    }
    return (chosen + ["/var/tmp", "/usr/tmp", "/tmp"]).first { path in
      FileStatus(path)?.kind == .folder
        && path.withSystemPath { access($0, W_OK | X_OK) } == 0
    } ?? "."
  }()

  /// Whether its file system is full.
  package static var isFull: Bool { isFull(at: folder) }

  /// Whether the file system of a path is full.
  package static func isFull(at path: String) -> Bool {
    var status = statvfs()
    guard path.withSystemPath({ statvfs($0, &status) }) == 0 else { return false }
    // Less than what SQLite writes at once.
    return status.f_bavail * UInt(status.f_frsize) < 1 << 20
  }
}
