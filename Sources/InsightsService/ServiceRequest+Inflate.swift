internal import InsightsIngest

extension ServiceRequest {
  /// Inflates a body that its header says is compressed; false where it cannot be.
  public mutating func inflate() -> Bool {
    guard let encoding = header("content-encoding")?.lowercased(), encoding != "identity" else {
      return true
    }
    guard ["gzip", "x-gzip", "zstd"].contains(encoding), let whole = InflatedData.whole(of: body)
    else { return false }
    body = whole
    return true
  }
}
