/// Recognises paths and links by their shape.
enum PathShape {
  /// Returns the end of `/a/b`, including a query string; `nil` for a single component such as
  /// `/health`, which is often a name.
  static func endOfPath(in line: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
    if start > 0, isPath(line[start - 1]) || closers.contains(line[start - 1]) { return nil }
    var end = start
    var stepCount = 0
    while end < line.count, isPath(line[end]) {
      if line[end] == UInt8(ascii: "/"), end + 1 < line.count, line[end + 1] != line[end],
        isPath(line[end + 1])
      {
        stepCount += 1
      }
      end += 1
    }
    guard stepCount >= 2 else { return nil }
    if end + 1 < line.count, line[end] == UInt8(ascii: "?"), ByteClass(line[end + 1]).isWord {
      end = endOfLink(in: line, at: end)
    }
    return trimmed(line, start..<end)
  }

  /// Recognises resources that begin with a scheme or drive and continue after the colon at the end
  /// of the range: `https://…`, `C:\\…`, `arn:aws:…`.
  static func resource(
    in line: UnsafeBufferPointer<UInt8>, _ range: Range<Int>
  ) -> (kind: TokenKind, end: Int)? {
    let colon = range.upperBound
    guard range.count <= 12, colon + 2 < line.count else { return nil }
    if line[colon + 1] == UInt8(ascii: "/"), line[colon + 2] == UInt8(ascii: "/") {
      let end = endOfLink(in: line, at: colon + 3)
      return end > colon + 3 ? (.link, trimmed(line, range.lowerBound..<end)) : nil
    }
    if range.count == 1, line[colon - 1] &- UInt8(ascii: "A") < 26,
      line[colon + 1] == UInt8(ascii: "\\")
    {
      var end = colon + 1
      while end < line.count, isPath(line[end]) { end += 1 }
      return (.path, trimmed(line, range.lowerBound..<end))
    }
    let name = UnsafeBufferPointer(rebasing: line[range.lowerBound..<min(line.count, colon + 4)])
    if range.count == 3, name.starts(with: "arn:aws".utf8) {
      return (.identifier, trimmed(line, range.lowerBound..<endOfLink(in: line, at: colon)))
    }
    return nil
  }

  @inline(__always)
  private static func isPath(_ byte: UInt8) -> Bool {
    ByteClass(byte).isWord || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "$")
      || byte == UInt8(ascii: "@") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "*")
  }

  /// Characters that no path follows.
  private static let closers = Array("<)]}".utf8)

  private static func endOfLink(in line: UnsafeBufferPointer<UInt8>, at start: Int) -> Int {
    var end = start
    while end < line.count, !ends.contains(line[end]), ByteClass(line[end]) != .space,
      ByteClass(line[end]) != .control
    {
      end += 1
    }
    return end
  }

  private static let ends = Array("\"'`<>()[]{}|,\\".utf8)

  /// Returns the end without trailing punctuation of a sentence or an escape.
  private static func trimmed(_ line: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int {
    var end = range.upperBound
    while end > range.lowerBound + 1, trailers.contains(line[end - 1]) { end -= 1 }
    return end
  }

  private static let trailers = Array(".:;!?\\".utf8)
}
