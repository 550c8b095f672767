/// A range of bytes in the query text.
public typealias SourceSpan = Range<Int>

/// Something with the place in the query text where it stands.
public struct Spanned<Wrapped: Sendable>: Sendable {
  /// What was read.
  public var value: Wrapped
  /// The bytes it was read from.
  public var span: SourceSpan

  public init(_ value: Wrapped, _ span: SourceSpan) {
    self.value = value
    self.span = span
  }
}

/// The text of a query and what it is called in messages (`query`, or a file's path).
public struct SourceText: Sendable {
  /// What messages call it: a file's path, or `query`.
  public let name: String
  /// The text in UTF-8; spans are offsets into it.
  public let bytes: [UInt8]
  private let lineStarts: [Int]

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

  /// The command that a span is in, with that span written otherwise.
  func command(with text: String, insteadOf span: SourceSpan) -> String {
    var start = 0
    var end = bytes.count
    // Tokens tell a bar from one in a text or a regex.
    for token in Lexer.tokens(of: self).tokens where token.isSymbol("|") {
      if token.span.upperBound <= span.lowerBound { start = token.span.upperBound }
      if token.span.lowerBound >= span.upperBound { end = min(end, token.span.lowerBound) }
    }
    while start < end, bytes[start] <= 0x20 { start += 1 }
    while end > start, bytes[end - 1] <= 0x20 { end -= 1 }
    return self[start..<span.lowerBound] + text + self[span.upperBound..<max(end, span.upperBound)]
  }

  /// Line and column of an offset, both from 1; columns count characters.
  public func location(of offset: Int) -> (line: Int, column: Int) {
    let offset = min(max(offset, 0), bytes.count)
    let line = (lineStarts.firstIndex { $0 > offset } ?? lineStarts.count) - 1
    return (line + 1, self[lineStarts[line]..<offset].count + 1)
  }

  /// How many Unicode scalars stand before an offset: what other languages than this one count in.
  public func scalarOffset(of offset: Int) -> Int {
    // Every byte but those that continue a scalar begins one.
    bytes.prefix(max(offset, 0)).count { $0 & 0xC0 != 0x80 }
  }

  /// The span of a line (from 1), without its line break.
  public func span(ofLine line: Int) -> SourceSpan {
    let start = lineStarts[line - 1]
    let end = line < lineStarts.count ? lineStarts[line] - 1 : bytes.count
    let hasReturn = end > start && bytes[end - 1] == UInt8(ascii: "\r")
    return start..<(hasReturn ? end - 1 : end)
  }
}
