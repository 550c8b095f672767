/// The bytes that one query holds in its scans, its functions and the rows of its result together,
/// and how many they may be.
final class QueryMemory: @unchecked Sendable {
  private let lock = Lock()
  private let limit: Int
  // Guarded by the lock.
  private var byteCount = 0

  init(limit: Int) {
    self.limit = limit
  }

  /// Adds to the bytes that are held; less for a negative difference, which never fails.
  ///
  /// - Throws: `StoreError.memoryLimitExceeded` when that is too much for all together.
  func change(by difference: Int) throws(StoreError) {
    let exceededLimit: Int? = lock.withLock {
      byteCount += difference
      return difference > 0 && byteCount > limit ? limit : nil
    }
    if let exceededLimit { throw .memoryLimitExceeded(limit: exceededLimit) }
  }

  /// Whether more bytes are held than may be.
  var isExceeded: Bool { lock.withLock { byteCount > limit } }

  /// Takes bytes away that are held no more.
  func release(_ byteCount: Int) { lock.withLock { self.byteCount -= byteCount } }
}
