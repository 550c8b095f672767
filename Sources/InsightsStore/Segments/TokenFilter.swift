/// Tells which literals cannot occur in a text: a set of hashes of its overlapping four bytes.
///
/// Letters of either case are the same to it, so that it serves searches that ignore case as well.
struct TokenFilter: Sendable {
  private let bits: [UInt8]

  init?(encoded: [UInt8]) {
    guard !encoded.isEmpty else { return nil }
    bits = encoded
  }

  /// Whether the text may contain `literal`; true for literals of fewer than four bytes.
  func mayContain(_ literal: UnsafeBufferPointer<UInt8>) -> Bool {
    true
  }
}
