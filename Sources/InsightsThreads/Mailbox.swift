internal import Glibc

/// A queue with many producers and one consumer, which takes all elements at once.
///
/// `@unchecked`: the mutex and the condition must not move in memory, so they are pointers, and the
/// rest is accessed only while the mutex is locked.
public final class Mailbox<Element: Sendable>: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let changed: UnsafeMutablePointer<pthread_cond_t>
  private var elements: [Element] = []
  private var isClosed = false

  /// Makes an empty queue.
  public init() {
    mutex = .allocate(capacity: 1)
    changed = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_cond_init(changed, &attributes)
    pthread_condattr_destroy(&attributes)
  }

  deinit {
    pthread_cond_destroy(changed)
    pthread_mutex_destroy(mutex)
    changed.deallocate()
    mutex.deallocate()
  }

  /// Adds an element; returns false if the queue is closed.
  public func put(_ element: Element) -> Bool {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    guard !isClosed else { return false }
    elements.append(element)
    pthread_cond_signal(changed)
    return true
  }

  /// Closes the queue for new elements; those already in it can still be taken.
  public func close() {
    pthread_mutex_lock(mutex)
    isClosed = true
    pthread_cond_signal(changed)
    pthread_mutex_unlock(mutex)
  }

  /// Takes all elements as soon as there is one; returns an empty array after the timeout in
  /// milliseconds.
  ///
  /// - Returns: `nil` if the queue is closed and empty.
  public func takeAll(waiting milliseconds: Int) -> [Element]? {
    var end = timespec()
    clock_gettime(CLOCK_MONOTONIC, &end)
    let nanoseconds = end.tv_nsec + milliseconds % 1000 * 1_000_000
    end.tv_sec += milliseconds / 1000 + nanoseconds / 1_000_000_000
    end.tv_nsec = nanoseconds % 1_000_000_000
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while elements.isEmpty, !isClosed {
      if pthread_cond_timedwait(changed, mutex, &end) != 0 { break }
    }
    if elements.isEmpty, isClosed { return nil }
    defer { elements = [] }
    return elements
  }
}
