/// Parses comma-separated values (RFC 4180), field by field.
///
/// A field that begins with a double quote ends at the next single double quote; two double quotes
/// stand for one. A quote elsewhere is an ordinary character. An unclosed quote extends to the end
/// of the text.
public struct CSVScanner {
  /// A field.
  ///
  /// The range of a quoted field excludes the quotes; doubled quotes are left as written.
  public struct Field {
    /// Byte offsets in the text.
    public var range: Range<Int>
    /// Whether the field is in double quotes.
    public var isQuoted: Bool
    /// Whether the field is the last of its row.
    public var isLastOfRow: Bool
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  private var index = 0
  private var isAtRowEnd = false

  /// Parses `bytes`, which must outlive the scanner.
  public init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
  }

  /// Returns the next field; `nil` at the end of the text.
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
      // Text between the closing quote and the comma is ignored.
      while index < bytes.count, !isDelimiter(bytes[index]) { index += 1 }
      return Field(range: range, isQuoted: true, isLastOfRow: skipDelimiter())
    }
    while index < bytes.count, !isDelimiter(bytes[index]) { index += 1 }
    return Field(range: start..<index, isQuoted: false, isLastOfRow: skipDelimiter())
  }

  /// Appends the text of a field with its doubled quotes resolved.
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

  /// Skips the comma or line break that ends a field; returns whether the row ends there.
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
