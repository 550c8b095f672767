package import InsightsModel
internal import InsightsThreads

/// Why a scan failed.
package enum ScanFailure: Error {
  /// A pattern exceeded its limit of steps on one event, or on many together.
  case patternTooExpensive
  case store(StoreError)
}

extension Cancellation {
  /// Throws if the scan has to stop.
  func endScanIfStopped() throws(ScanFailure) {
    if check(), let reason { throw .store(StoreError(reason)) }
  }
}
