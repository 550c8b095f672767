internal import Glibc

/// A counting semaphore, which starts at 0.
///
/// `@unchecked`: a `sem_t` must not move in memory, so it is a pointer; its functions are
/// thread-safe.
public final class Semaphore: @unchecked Sendable {
  private let semaphore: UnsafeMutablePointer<sem_t>

  /// Makes a semaphore with the count 0.
  public init() {
    semaphore = .allocate(capacity: 1)
    sem_init(semaphore, 0, 0)
  }

  deinit {
    sem_destroy(semaphore)
    semaphore.deallocate()
  }

  /// Increments the count, which wakes one waiting thread.
  public func signal() {
    sem_post(semaphore)
  }

  /// Waits until the count is positive and decrements it; returns false on timeout.
  public func wait(atMost length: Duration) -> Bool {
    var end = timespec()
    clock_gettime(CLOCK_REALTIME, &end)
    let nanoseconds = Int(length.components.attoseconds / 1_000_000_000) + end.tv_nsec
    end.tv_sec += Int(length.components.seconds) + nanoseconds / 1_000_000_000
    end.tv_nsec = nanoseconds % 1_000_000_000
    while sem_timedwait(semaphore, &end) != 0 {
      if errno == ETIMEDOUT { return false }
    }
    return true
  }

  /// Waits until the count is positive and decrements it.
  public func wait() {
    while sem_wait(semaphore) != 0 {}
  }
}
