public import Glibc

/// A value that one thread at a time may read or change.
///
/// This is a mutex of the C library and not `Synchronization.Mutex`, which on Linux the thread
/// sanitizer does not know: it takes every access to what that guards for a race.
///
/// `@unchecked`: the mutex must stay in its place, so it is a pointer, and `state` is only reached
/// while it is held.
public final class Locked<State>: @unchecked Sendable {
  @usableFromInline let mutex: UnsafeMutablePointer<pthread_mutex_t>
  @usableFromInline var state: State

  public init(_ state: State) {
    self.state = state
    mutex = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Calls `body` with the value, alone.
  @inlinable
  public func withLock<Result, Failure: Error>(
    _ body: (inout State) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&state)
  }
}
