internal import Glibc

/// The status of the file at a path; symbolic links are followed.
public struct FileStatus: Sendable {
  /// The type of the file.
  public enum Kind: String, Sendable {
    case file, folder, pipe, device, socket
  }

  /// Identifies a file regardless of the path that leads to it.
  public struct Identity: Hashable, Sendable {
    var device: UInt64
    var number: UInt64
  }

  public let kind: Kind
  /// Identifies the file: its device and inode.
  public let identity: Identity
  /// Size in bytes.
  public let size: Int

  /// Reads the status of a path; `nil` with `errno` set on failure.
  public init?(_ path: String) {
    var status = stat()
    guard path.withSystemPath({ stat($0, &status) }) == 0 else { return nil }
    self.init(status)
  }

  /// Reads the status of an open file; `nil` with `errno` set on failure.
  public init?(descriptor: Int32) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return nil }
    self.init(status)
  }

  private init(_ status: stat) {
    kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .folder
      case S_IFIFO: .pipe
      case S_IFSOCK: .socket
      default: .device
      }
    identity = Identity(device: UInt64(status.st_dev), number: UInt64(status.st_ino))
    size = Int(status.st_size)
  }
}
