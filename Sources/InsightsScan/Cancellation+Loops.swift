internal import InsightsThreads

extension Cancellation {
  /// Calls `body` for each number below `count`; ends the scan if it has to stop.
  ///
  /// For loops over all groups, which take longer than a segment.
  func forEach(
    below count: Int, _ body: (Int) throws(ScanFailure) -> Void
  ) throws(ScanFailure) {
    let stride = 4096
    var next = 0
    while next < count {
      try endScanIfStopped()
      let end = min(next + stride, count)
      while next < end {
        try body(next)
        next += 1
      }
    }
  }
}
