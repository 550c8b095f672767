internal import Glibc
internal import InsightsText

/// The folder for temporary files: what is sorted and does not fit in memory, a store that is gone
/// with the command, standard input.
public enum TemporaryFiles {
  /// What SQLite chooses, in its order.
  public static let folder: String = {
    let chosen = ["SQLITE_TMPDIR", "TMPDIR"].compactMap { (name: String) -> String? in
      getenv(name).map { SystemPath.text(ofCString: $0) }
    }
    return (chosen + ["/var/tmp", "/usr/tmp", "/tmp"]).first { path in
      FileStatus(path)?.kind == .folder
        && path.withSystemPath { access($0, W_OK | X_OK) } == 0
    } ?? "."
  }()

  /// Whether nothing more can be written there.
  static var isFull: Bool { isFull(at: folder) }

  /// Whether nothing more can be written to the file system of a path.
  static func isFull(at path: String) -> Bool {
    var status = statvfs()
    guard path.withSystemPath({ statvfs($0, &status) }) == 0 else { return false }
    // Less than what SQLite writes at once.
    return status.f_bavail * UInt(status.f_frsize) < 1 << 20
  }
}
