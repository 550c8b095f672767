/// One pass over an XML text in search of what a path leads to.
///
/// Elements are matched as they open. What is not well-formed ends the search without a result.
struct XMLWalk {
  /// How deep elements may nest.
  static let depthLimit = 256

  private let path: XMLPath
  private let bytes: UnsafeBufferPointer<UInt8>
  private var index = 0
  /// The open elements: which steps of the path each has fulfilled, as bits, and how many children
  /// have fulfilled each step so far.
  private var open: [Element] = []

  private struct Element {
    var name: Range<Int>
    /// Bit n: the element is where the first n steps lead.
    var fulfilled: UInt64
    var counts: [Int]
  }

  init(path: XMLPath, bytes: UnsafeBufferPointer<UInt8>) {
    self.path = path
    self.bytes = bytes
    open = [Element(name: 0..<0, fulfilled: 1, counts: Self.noCounts(path))]
  }

  private static func noCounts(_ path: XMLPath) -> [Int] {
    Array(repeating: 0, count: path.steps.count)
  }

  mutating func run(_ output: inout [UInt8]) -> Bool {
    guard path.steps.count < 64 else { return false }
    while let start = bytes.firstOffset(of: UInt8(ascii: "<"), from: index) {
      index = start + 1
      guard index < bytes.count else { return false }
      switch bytes[index] {
      case UInt8(ascii: "!"), UInt8(ascii: "?"):
        guard skipMarkup() else { return false }
      case UInt8(ascii: "/"):
        guard close() else { return false }
      default:
        guard let tag = openTag() else { return false }
        if tag.isMatch {
          if let attribute = path.attribute {
            guard let value = tag.value(of: attribute, in: bytes) else { break }
            appendText(value, to: &output)
            return true
          }
          return tag.isEmpty || appendContent(to: &output)
        }
        if tag.isEmpty { open.removeLast() }
      }
    }
    return false
  }

  // MARK: Tags

  private struct Tag {
    var attributes: [(name: Range<Int>, value: Range<Int>)] = []
    /// Whether it closes itself.
    var isEmpty = false
    var isMatch = false

    func value(of name: [UInt8], in bytes: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
      attributes.first { bytes[$0.name].elementsEqual(name) }?.value
    }
  }

  /// Reads the tag whose name is at `index`, and opens its element.
  private mutating func openTag() -> Tag? {
    guard open.count <= Self.depthLimit else { return nil }
    let name = readName()
    guard !name.isEmpty else { return nil }
    var tag = Tag()
    while true {
      skipSpace()
      guard index < bytes.count else { return nil }
      if bytes[index] == UInt8(ascii: ">") { break }
      if bytes[index] == UInt8(ascii: "/") {
        tag.isEmpty = true
        index += 1
        continue
      }
      guard let attribute = readAttribute() else { return nil }
      tag.attributes.append(attribute)
    }
    index += 1
    enter(name, &tag)
    return tag
  }

  private mutating func readAttribute() -> (name: Range<Int>, value: Range<Int>)? {
    let name = readName()
    skipSpace()
    guard !name.isEmpty, index + 1 < bytes.count, bytes[index] == UInt8(ascii: "=") else {
      return nil
    }
    index += 1
    skipSpace()
    guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") || bytes[index] == UInt8(ascii: "'"),
      let end = bytes.firstOffset(of: bytes[index], from: index + 1)
    else { return nil }
    let value = index + 1..<end
    index = end + 1
    return (name, value)
  }

  /// Finds out which steps of the path the element fulfils.
  private mutating func enter(_ name: Range<Int>, _ tag: inout Tag) {
    let parent = open.count - 1
    var fulfilled: UInt64 = 0
    for (number, step) in path.steps.enumerated() {
      // A step at any depth goes on from any element above.
      let isReached =
        step.isAtAnyDepth
        ? open.contains { $0.fulfilled & (1 << UInt64(number)) != 0 }
        : open[parent].fulfilled & (1 << UInt64(number)) != 0
      guard isReached, step.takesAnyName || bytes[name].elementsEqual(step.name) else { continue }
      if let attribute = step.attribute {
        guard let value = tag.value(of: attribute, in: bytes) else { continue }
        if let wanted = step.value, !bytes[value].elementsEqual(wanted) { continue }
      }
      open[parent].counts[number] += 1
      if let position = step.position, position != open[parent].counts[number] { continue }
      fulfilled |= 1 << UInt64(number + 1)
    }
    tag.isMatch = fulfilled & (1 << UInt64(path.steps.count)) != 0
    open.append(Element(name: name, fulfilled: fulfilled, counts: Self.noCounts(path)))
  }

  /// Closes the innermost element; false when another one's tag is here.
  private mutating func close() -> Bool {
    index += 1
    let name = readName()
    guard open.count > 1, let last = open.last, bytes[last.name].elementsEqual(bytes[name]),
      let end = bytes.firstOffset(of: UInt8(ascii: ">"), from: index)
    else { return false }
    open.removeLast()
    index = end + 1
    return true
  }

  // MARK: Text

  /// Appends the text of the element that has just been opened.
  private mutating func appendContent(to output: inout [UInt8]) -> Bool {
    var depth = 1
    let start = output.count
    while let tag = bytes.firstOffset(of: UInt8(ascii: "<"), from: index) {
      appendText(index..<tag, to: &output)
      index = tag + 1
      guard index < bytes.count else { break }
      switch bytes[index] {
      case UInt8(ascii: "!") where bytes.holds("![CDATA[", at: index):
        let content = index + 8
        guard let end = bytes.firstOffset(of: "]]>", from: content) else { return false }
        output.append(contentsOf: bytes[content..<end])
        index = end + 3
      case UInt8(ascii: "!"), UInt8(ascii: "?"):
        guard skipMarkup() else { return false }
      case UInt8(ascii: "/"):
        depth -= 1
        if depth == 0 { return true }
        guard let end = bytes.firstOffset(of: UInt8(ascii: ">"), from: index) else { return false }
        index = end + 1
      default:
        guard let tag = openTag() else { return false }
        open.removeLast()
        if !tag.isEmpty { depth += 1 }
      }
    }
    output.removeSubrange(start...)
    return false
  }

  /// Appends text with its entities resolved; an unknown one stays as it is.
  private func appendText(_ range: Range<Int>, to output: inout [UInt8]) {
    var position = range.lowerBound
    while position < range.upperBound {
      if bytes[position] == UInt8(ascii: "&"),
        let end = bytes.firstOffset(
          of: UInt8(ascii: ";"), from: position, to: min(position + 12, range.upperBound)),
        let scalar = scalar(ofEntity: position + 1..<end)
      {
        output.append(contentsOf: String(scalar).utf8)
        position = end + 1
      } else {
        output.append(bytes[position])
        position += 1
      }
    }
  }

  private func scalar(ofEntity range: Range<Int>) -> Unicode.Scalar? {
    let name = String(decoding: bytes[range], as: UTF8.self)
    switch name {
    case "lt": return "<"
    case "gt": return ">"
    case "amp": return "&"
    case "quot": return "\""
    case "apos": return "'"
    case _ where name.hasPrefix("#x"):
      return UInt32(name.dropFirst(2), radix: 16).flatMap(Unicode.Scalar.init)
    case _ where name.hasPrefix("#"): return UInt32(name.dropFirst()).flatMap(Unicode.Scalar.init)
    default: return nil
    }
  }

  // MARK: Bytes

  /// Passes a comment, declaration, CDATA section or processing instruction.
  private mutating func skipMarkup() -> Bool {
    let end: Int?
    let length: Int
    if bytes.holds("!--", at: index) {
      (end, length) = (bytes.firstOffset(of: "-->", from: index + 3), 3)
    } else if bytes.holds("![CDATA[", at: index) {
      (end, length) = (bytes.firstOffset(of: "]]>", from: index + 8), 3)
    } else {
      (end, length) = (bytes.firstOffset(of: UInt8(ascii: ">"), from: index), 1)
    }
    guard let end else { return false }
    index = end + length
    return true
  }

  private mutating func readName() -> Range<Int> {
    let start = index
    while index < bytes.count, isNameByte(bytes[index]) { index += 1 }
    return start..<index
  }

  private mutating func skipSpace() {
    while index < bytes.count, bytes[index] <= 0x20 { index += 1 }
  }

  private func isNameByte(_ byte: UInt8) -> Bool {
    byte > 0x20 && !"<>/=\"'&?!".utf8.contains(byte)
  }
}
