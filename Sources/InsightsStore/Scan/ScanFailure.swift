internal import InsightsThreads

/// Why a scan could not be carried out.
enum ScanFailure: Error {
  /// A pattern ran away on some event, or on many together.
  case patternTooExpensive
  case store(StoreError)
}

extension Cancellation {
  /// Ends a scan that has to stop.
  func endScanIfStopped() throws(ScanFailure) {
    if check(), let reason { throw .store(StoreError(reason)) }
  }
}
