public import Glibc

/// A value protected by a mutex.
///
/// It uses the C library's mutex instead of `Synchronization.Mutex`, because on Linux the thread
/// sanitizer does not know the latter and reports every access as a race.
///
/// `@unchecked`: the mutex must not move in memory, so it is a pointer, and `state` is accessed
/// only while it is locked.
public final class Locked<State>: @unchecked Sendable {
  @usableFromInline let mutex: UnsafeMutablePointer<pthread_mutex_t>
  @usableFromInline var state: State

  /// Protects a value.
  public init(_ state: State) {
    self.state = state
    mutex = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Calls `body` with the value while the mutex is locked.
  @inlinable
  public func withLock<Result, Failure: Error>(
    _ body: (inout State) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&state)
  }
}
