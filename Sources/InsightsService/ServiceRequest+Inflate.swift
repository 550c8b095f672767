internal import InsightsIngest

extension ServiceRequest {
  /// Decompresses a body according to its header; returns false on failure.
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
