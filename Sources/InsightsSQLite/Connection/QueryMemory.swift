package import InsightsModel
internal import InsightsThreads

/// The memory that a query uses in scans, functions, SQLite and result rows, in bytes, with its
/// limit.
package final class QueryMemory: Sendable {
  package let limit: Int
  private let byteCount = Locked(0)

  package init(limit: Int) {
    self.limit = limit
  }

  /// Adds `difference` bytes to the shared budget; a negative difference never fails.
  ///
  /// - Throws: `StoreError.memoryLimitExceeded` if the total exceeds the limit.
  package func change(by difference: Int) throws(StoreError) {
    let isExceeded = byteCount.withLock { byteCount in
      byteCount += difference
      return difference > 0 && byteCount > limit
    }
    if isExceeded { throw .memoryLimitExceeded(limit: limit) }
  }

  /// Whether the total exceeds the limit.
  package var isExceeded: Bool { byteCount.withLock { $0 > limit } }

  /// Subtracts bytes that were freed.
  package func release(_ count: Int) { byteCount.withLock { $0 -= count } }
}
