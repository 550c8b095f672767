internal import Glibc

/// Unlinked temporary files, which the system deletes when they are closed.
public enum NamelessFile {
  /// Creates an empty file in a folder, for reading and writing, and unlinks it.
  ///
  /// - Returns: its descriptor, which is closed in child processes (close-on-exec); -1, with
  ///   `errno` set, on failure.
  public static func open(in folder: String) -> Int32 {
    var name = SystemPath.bytes(of: folder + "/insights-XXXXXX").map { CChar(bitPattern: $0) }
    name.append(0)
    let descriptor = mkstemp(&name)
    guard descriptor >= 0 else { return -1 }
    unlink(name)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    return descriptor
  }
}
