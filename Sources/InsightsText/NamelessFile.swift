internal import Glibc

/// Files without a name, for what is kept until whoever made them is gone.
public enum NamelessFile {
  /// Makes an empty file in a folder, for reading and writing, and takes its name away.
  ///
  /// - Returns: its descriptor, which programs that are started later do not have; -1, with `errno`,
  ///   where it cannot be made.
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
