/// The bytes that the threads of a scan hold together, and how many they may be.
final class ScanMemory: @unchecked Sendable {
  private let lock = Lock()
  // Guarded by the lock.
  private var limit: Int
  private var byteCount = 0

  init(limit: Int) {
    self.limit = limit
  }

  /// Takes note of what a thread holds more now, or less.
  ///
  /// - Throws: `StoreError.memoryLimitExceeded` when that is too much for all together.
  func change(by difference: Int) throws(ScanFailure) {
    let exceededLimit: Int? = lock.withLock {
      byteCount += difference
      return byteCount > limit ? limit : nil
    }
    if let exceededLimit { throw .store(.memoryLimitExceeded(limit: exceededLimit)) }
  }

  /// Sets how many bytes they may be from now on.
  func change(limit: Int) { lock.withLock { self.limit = limit } }
}
