extension StringProtocol {
  /// Returns the range of the first occurrence of `text`.
  @inlinable
  public func range(ofText text: String) -> Range<Index>? {
    guard !text.isEmpty else { return nil }
    let pattern = Array(text.utf8)
    let bytes = Array(utf8)
    guard bytes.count >= pattern.count else { return nil }
    var start = 0
    while start <= bytes.count - pattern.count {
      if bytes[start] == pattern[0], bytes[start..<(start + pattern.count)].elementsEqual(pattern) {
        let lower = utf8.index(utf8.startIndex, offsetBy: start)
        return lower..<utf8.index(lower, offsetBy: pattern.count)
      }
      start += 1
    }
    return nil
  }

  /// Whether `text` occurs in it.
  @inlinable
  public func includes(_ text: String) -> Bool { range(ofText: text) != nil }

  /// Whether `text` occurs in it.
  @inlinable
  public func includes(_ text: StaticString) -> Bool { includes("\(text)") }

  /// Returns the text after the first `text` up to where `isEnd` is true, without leading spaces.
  @inlinable
  public func value(
    after text: String, upTo isEnd: (Character) -> Bool = { $0.isWhitespace }
  ) -> String? {
    guard let range = range(ofText: text) else { return nil }
    let value = self[range.upperBound...].drop { $0 == " " }.prefix { !isEnd($0) }
    return value.isEmpty ? nil : String(value)
  }
}
