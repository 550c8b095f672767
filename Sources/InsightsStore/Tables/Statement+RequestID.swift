internal import InsightsSegments
internal import InsightsSQLite

extension Statement {
  /// Binds an id as tables keep it: the sixteen bytes of a UUID, or its text.
  func bind(_ request: RequestID, at index: Int) {
    guard request.text == nil else { return bind(request.text, at: index) }
    var bytes: [UInt8] = []
    for word in [request.uuid.high, request.uuid.low] {
      withUnsafeBytes(of: word.bigEndian) { bytes.append(contentsOf: $0) }
    }
    bytes.withUnsafeBytes { bind(blob: $0, at: index) }
  }
}
