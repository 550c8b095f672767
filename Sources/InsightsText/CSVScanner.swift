/// The fields of comma-separated text, row by row, as RFC 4180 quotes them.
///
/// A field that begins with a double quote ends at the next single one; two of them stand for one.
/// A quote elsewhere is just a character, and quotes that never close reach to the end.
public struct CSVScanner {
  /// A field: between the quotes, doubled ones as written, where it stood in quotes.
  public struct Field {
    public var range: Range<Int>
    public var isQuoted: Bool
    /// Whether a row ends behind it.
    public var isLastOfRow: Bool
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  private var index = 0
  private var isAtRowEnd = false

  public init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
  }

  /// The next field; `nil` at the end of the text.
  public mutating func next() -> Field? {
    guard index < bytes.count || (index == bytes.count && !isAtRowEnd && index > 0) else {
      return nil
    }
    let start = index
    if index < bytes.count, bytes[index] == UInt8(ascii: "\"") {
      index += 1
      while index < bytes.count {
        if bytes[index] == UInt8(ascii: "\"") {
          guard index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "\"") else { break }
          index += 1
        }
        index += 1
      }
      let range = start + 1..<max(start + 1, min(index, bytes.count))
      // What stands between the closing quote and the comma belongs to nothing.
      while index < bytes.count, !isDelimiter(bytes[index]) { index += 1 }
      return Field(range: range, isQuoted: true, isLastOfRow: skipDelimiter())
    }
    while index < bytes.count, !isDelimiter(bytes[index]) { index += 1 }
    return Field(range: start..<index, isQuoted: false, isLastOfRow: skipDelimiter())
  }

  /// The text of a field, its quotes resolved.
  public static func append(
    _ field: Field, of bytes: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]
  ) {
    var index = field.range.lowerBound
    while index < field.range.upperBound {
      output.append(bytes[index])
      let isDoubled =
        field.isQuoted && bytes[index] == UInt8(ascii: "\"") && index + 1 < field.range.upperBound
      index += isDoubled ? 2 : 1
    }
  }

  private func isDelimiter(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }

  /// Passes the comma or line break that ends a field; true when the row ends with it.
  private mutating func skipDelimiter() -> Bool {
    isAtRowEnd = true
    guard index < bytes.count else { return true }
    if bytes[index] == UInt8(ascii: ",") {
      index += 1
      isAtRowEnd = false
      return false
    }
    if bytes[index] == UInt8(ascii: "\r"), index + 1 < bytes.count,
      bytes[index + 1] == UInt8(ascii: "\n")
    {
      index += 1
    }
    index += 1
    return true
  }
}
