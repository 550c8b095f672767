/// A line divided into fields by spaces, as CloudWatch's filter patterns do it.
///
/// Text in double quotes or brackets that are surrounded by spaces is one field, without the quotes
/// or brackets.
public struct SpacedText {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0

  /// The range of a field, and of its content.
  private typealias Field = (whole: Range<Int>, content: Range<Int>)

  private init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// Returns a field of the text for a filter pattern with `count` names.
  ///
  /// `gap` is the index of the name after `...`. `nil` if the text has fewer fields than there are
  /// names. Without a gap the last name gets the rest of the line.
  public static func field(
    _ index: Int, of count: Int, gap: Int?, in bytes: UnsafeBufferPointer<UInt8>
  ) -> Range<Int>? {
    guard (0..<count).contains(index) else { return nil }
    var text = SpacedText(bytes)
    guard let gap else {
      var fields: [Field] = []
      while fields.count < count, let field = text.next() { fields.append(field) }
      guard fields.count == count else { return nil }
      var end: Int?
      if index == count - 1 { while let field = text.next() { end = field.whole.upperBound } }
      let field = fields[index]
      return end.map { field.whole.lowerBound..<$0 } ?? field.content
    }
    var fields: [Field] = []
    while let field = text.next() { fields.append(field) }
    guard fields.count >= count else { return nil }
    return fields[index < gap ? index : fields.count - count + index].content
  }

  private func isBlank(_ index: Int) -> Bool {
    let byte = bytes[index]
    return byte == 0x20 || (0x09...0x0D).contains(byte)
  }

  private mutating func next() -> Field? {
    while position < bytes.count, isBlank(position) { position += 1 }
    guard position < bytes.count else { return nil }
    let start = position
    let closing: UInt8? =
      switch bytes[start] {
      case UInt8(ascii: "\""): UInt8(ascii: "\"")
      case UInt8(ascii: "["): UInt8(ascii: "]")
      default: nil
      }
    if let closing, let end = end(of: closing, from: start + 1) {
      position = end + 1
      return (start..<position, start + 1..<end)
    }
    while position < bytes.count, !isBlank(position) { position += 1 }
    return (start..<position, start..<position)
  }

  /// Returns the offset of a closing quote or bracket: before a space or the end, not after a
  /// backslash.
  private func end(of closing: UInt8, from start: Int) -> Int? {
    var from = start
    while let found = bytes.firstOffset(of: closing, from: from, to: bytes.count) {
      let isLast = found + 1 == bytes.count || isBlank(found + 1)
      if isLast, bytes[found - 1] != UInt8(ascii: "\\") || found == start { return found }
      from = found + 1
    }
    return nil
  }
}
