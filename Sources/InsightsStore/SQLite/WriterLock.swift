internal import Glibc
internal import InsightsText

/// The right to write to a store, which one process has at a time.
///
/// SQLite's own locks are let go with every commit, while what an ingest knows of a store (positions,
/// ids, streams) must hold for its whole run. This one is a lock on a file beside the store. The
/// file goes when the lock does; what a killed process leaves of it locks nothing.
final class WriterLock {
  private let path: String
  private let descriptor: Int32

  /// Takes the lock of the store at a path, when others have let go of it.
  ///
  /// - Throws: `StoreError.timedOut`, `.interrupted`, `.unavailable` where no file can be made.
  convenience init(ofStoreAt store: String, waiting: Waiting) throws(StoreError) {
    var wait = Wait(waiting)
    let path = Self.path(ofStoreAt: store)
    while true {
      switch Self.take(path) {
      case .taken(let descriptor):
        self.init(path: path, descriptor: descriptor)
        return
      case .held: try wait.pause()
      case .failed(let number):
        throw .unavailable(path: store, reason: String(cString: strerror(number)))
      }
    }
  }

  /// Takes the lock where nobody has it.
  convenience init?(ofStoreIfFree store: String) {
    let path = Self.path(ofStoreAt: store)
    guard case .taken(let descriptor) = Self.take(path) else { return nil }
    self.init(path: path, descriptor: descriptor)
  }

  private init(path: String, descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
  }

  deinit {
    // While it is still locked: whoever has opened this file already sees that it is gone.
    _ = path.withSystemPath { unlink($0) }
    close(descriptor)
  }

  private enum Attempt {
    case taken(Int32)
    case held
    case failed(Int32)
  }

  private static func take(_ path: String) -> Attempt {
    let descriptor = path.withSystemPath { open($0, O_RDONLY | O_CREAT | O_CLOEXEC, 0o666) }
    guard descriptor >= 0 else { return .failed(errno) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let number = errno
      close(descriptor)
      return number == EWOULDBLOCK || number == EINTR ? .held : .failed(number)
    }
    // The file that was locked may have been removed just before.
    guard let locked = FileStatus(descriptor: descriptor)?.identity,
      locked == FileStatus(path)?.identity
    else {
      close(descriptor)
      return .held
    }
    return .taken(descriptor)
  }

  /// Beside the store itself, wherever links to it are.
  private static func path(ofStoreAt store: String) -> String {
    SystemPath.followingLinks(store) + "-lock"
  }
}
