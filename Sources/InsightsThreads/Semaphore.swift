internal import Glibc

/// A counting semaphore, which starts at 0.
///
/// `@unchecked`: the memory of a `sem_t` must stay in its place, so it is a pointer; the C library
/// allows its functions on any thread.
public final class Semaphore: @unchecked Sendable {
  private let semaphore: UnsafeMutablePointer<sem_t>

  public init() {
    semaphore = .allocate(capacity: 1)
    sem_init(semaphore, 0, 0)
  }

  deinit {
    sem_destroy(semaphore)
    semaphore.deallocate()
  }

  /// Adds one, which lets one thread that waits go on.
  public func signal() {
    sem_post(semaphore)
  }

  /// Takes one away, as soon as there is one; false where there is none in time.
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

  /// Takes one away, as soon as there is one.
  public func wait() {
    while sem_wait(semaphore) != 0 {}
  }
}
