/// A range of bytes in the query text.
public typealias SourceSpan = Range<Int>

/// A value with its span in the query text.
public struct Spanned<Wrapped: Sendable>: Sendable {
  /// The parsed value.
  public var value: Wrapped
  /// The bytes that it was parsed from.
  public var span: SourceSpan

  /// Makes a value with its span.
  public init(_ value: Wrapped, _ span: SourceSpan) {
    self.value = value
    self.span = span
  }
}

/// The text of a query, and its name in messages (`query`, or a file's path).
public struct SourceText: Sendable {
  /// Its name in messages: a file's path, or `query`.
  public let name: String
  /// The text in UTF-8; spans are offsets in it.
  public let bytes: [UInt8]
  private let lineStarts: [Int]

  /// Makes a text with a name.
  public init(_ text: String, name: String = "query") {
    self.name = name
    let utf8 = Array(text.utf8)
    bytes = utf8
    lineStarts = [0] + utf8.indices.filter { utf8[$0] == UInt8(ascii: "\n") }.map { $0 + 1 }
  }

  /// The text of a span.
  public subscript(span: SourceSpan) -> String {
    String(decoding: bytes[span.clamped(to: 0..<bytes.count)], as: UTF8.self)
  }

  /// Returns the command that contains a span, with that span replaced.
  func command(with text: String, insteadOf span: SourceSpan) -> String {
    var start = 0
    var end = bytes.count
    // Only tokens distinguish a bar from one in a text or a regex.
    for token in Lexer.tokens(of: self).tokens where token.isSymbol("|") {
      if token.span.upperBound <= span.lowerBound { start = token.span.upperBound }
      if token.span.lowerBound >= span.upperBound { end = min(end, token.span.lowerBound) }
    }
    while start < end, bytes[start] <= 0x20 { start += 1 }
    while end > start, bytes[end - 1] <= 0x20 { end -= 1 }
    return self[start..<span.lowerBound] + text + self[span.upperBound..<max(end, span.upperBound)]
  }

  /// Returns line and column of an offset, both from 1; columns count characters.
  public func location(of offset: Int) -> (line: Int, column: Int) {
    let offset = min(max(offset, 0), bytes.count)
    let line = (lineStarts.firstIndex { $0 > offset } ?? lineStarts.count) - 1
    return (line + 1, self[lineStarts[line]..<offset].count + 1)
  }

  /// Returns the number of Unicode scalars before an offset, for languages that count in scalars.
  public func scalarOffset(of offset: Int) -> Int {
    // Every byte except continuation bytes begins a scalar.
    bytes.prefix(max(offset, 0)).count { $0 & 0xC0 != 0x80 }
  }

  /// Returns the span of a line (from 1), without its line break.
  public func span(ofLine line: Int) -> SourceSpan {
    let start = lineStarts[line - 1]
    let end = line < lineStarts.count ? lineStarts[line] - 1 : bytes.count
    let hasReturn = end > start && bytes[end - 1] == UInt8(ascii: "\r")
    return start..<(hasReturn ? end - 1 : end)
  }
}
