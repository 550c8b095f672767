package import InsightsModel
internal import Glibc
internal import InsightsText

/// The lock that lets one process at a time write to a store.
///
/// SQLite releases its own locks with every commit, but what an ingest knows about a store
/// (positions, ids, streams) must stay valid for its whole run. This is a lock on a file beside the
/// store. The file is deleted when the lock is released; a file left by a killed process locks
/// nothing.
package final class WriterLock {
  private let path: String
  private let descriptor: Int32

  /// Acquires the lock of the store at a path, waiting for others to release it.
  ///
  /// - Throws: `StoreError.timedOut`, `.interrupted`, `.unavailable` if the file cannot be created.
  package convenience init(ofStoreAt store: String, waiting: Waiting) throws(StoreError) {
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

  /// Acquires the lock if it is free; otherwise `nil`.
  package convenience init?(ofStoreIfFree store: String) {
    let path = Self.path(ofStoreAt: store)
    guard case .taken(let descriptor) = Self.take(path) else { return nil }
    self.init(path: path, descriptor: descriptor)
  }

  private init(path: String, descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
  }

  deinit {
    // Deleted while still locked, so that other processes with this file open detect the deletion.
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
    // The locked file may have been deleted just before.
    guard let locked = FileStatus(descriptor: descriptor)?.identity,
      locked == FileStatus(path)?.identity
    else {
      close(descriptor)
      return .held
    }
    return .taken(descriptor)
  }

  /// The path beside the store itself, with links resolved.
  private static func path(ofStoreAt store: String) -> String {
    SystemPath.followingLinks(store) + "-lock"
  }
}
