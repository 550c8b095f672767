internal import Glibc

/// What there is at a path, links followed.
public struct FileStatus: Sendable {
  /// What kind of thing it is.
  public enum Kind: String, Sendable {
    case file, folder, pipe, device, socket
  }

  /// Which file it is, whatever path leads there.
  public struct Identity: Hashable, Sendable {
    var device: UInt64
    var number: UInt64
  }

  public let kind: Kind
  public let identity: Identity
  /// In bytes.
  public let size: Int

  /// Looks at a path; `nil` with `errno` set where there is nothing.
  public init?(_ path: String) {
    var status = stat()
    guard path.withSystemPath({ stat($0, &status) }) == 0 else { return nil }
    self.init(status)
  }

  /// Looks at an open file.
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
