internal import Glibc

/// The bytes that the threads of a scan hold together, and how many they may be.
final class ScanMemory: @unchecked Sendable {
  private let limit: Int
  // Guarded by the mutex.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private var byteCount = 0

  init(limit: Int) {
    self.limit = limit
    mutex = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Takes note of what a thread holds more now, or less.
  ///
  /// - Throws: `StoreError.memoryLimitExceeded` when that is too much for all together.
  func change(by difference: Int) throws(ScanFailure) {
    pthread_mutex_lock(mutex)
    byteCount += difference
    let isTooMuch = byteCount > limit
    pthread_mutex_unlock(mutex)
    if isTooMuch { throw .store(.memoryLimitExceeded(limit: limit)) }
  }
}
