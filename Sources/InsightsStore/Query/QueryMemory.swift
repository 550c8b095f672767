internal import InsightsThreads

/// The bytes that one query holds in its scans, its functions and the rows of its result together,
/// and how many they may be.
final class QueryMemory: Sendable {
  private let limit: Int
  private let byteCount = Locked(0)

  init(limit: Int) {
    self.limit = limit
  }

  /// Adds to the bytes that are held; less for a negative difference, which never fails.
  ///
  /// - Throws: `StoreError.memoryLimitExceeded` when that is too much for all together.
  func change(by difference: Int) throws(StoreError) {
    let isExceeded = byteCount.withLock { byteCount in
      byteCount += difference
      return difference > 0 && byteCount > limit
    }
    if isExceeded { throw .memoryLimitExceeded(limit: limit) }
  }

  /// Whether more bytes are held than may be.
  var isExceeded: Bool { byteCount.withLock { $0 > limit } }

  /// Takes bytes away that are held no more.
  func release(_ count: Int) { byteCount.withLock { $0 -= count } }
}
