/// Walks through an XML text tag by tag to find the first part that a path selects.
///
/// Text before the first tag is skipped. Malformed XML is read as far as possible.
struct XMLSearch {
  /// An open element: the steps of the path that may match a child, as bits.
  private struct Element {
    var states: UInt64
    /// The number of children that have matched each step, for positions such as `[2]`; empty until
    /// needed.
    var counts: [Int] = []
  }

  private typealias Attribute = (name: Range<Int>, value: Range<Int>)

  /// Deeper text is not searched.
  private static let depthLimit = 10_000

  private let path: XMLPath
  private let text: UnsafeBufferPointer<UInt8>
  private var position = 0
  private var elements = [Element(states: 1)]
  /// The number of open elements around the match; `nil` before the match.
  private var foundDepth: Int?

  init(_ path: XMLPath, in text: UnsafeBufferPointer<UInt8>) {
    self.path = path
    self.text = text
  }

  /// Appends the value to `output`; returns false if the path selects nothing.
  mutating func run(into output: inout [UInt8]) -> Bool {
    while let open = text.firstOffset(of: UInt8(ascii: "<"), from: position) {
      if foundDepth != nil { append(position..<open, to: &output) }
      position = open
      if text.holds("<!--", at: open) {
        guard skip(past: "-->") else { return false }
      } else if text.holds("<![CDATA[", at: open) {
        let start = open + 9
        guard skip(past: "]]>") else { return false }
        if foundDepth != nil, position - 3 > start {
          output.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<position - 3]))
        }
      } else if text.holds("<?", at: open) {
        guard skip(past: "?>") else { return false }
      } else if text.holds("<!", at: open) {
        guard skip(past: ">") else { return false }
      } else if text.holds("</", at: open) {
        guard skip(past: ">") else { return false }
        if elements.count > 1 { elements.removeLast() }
        if elements.count == foundDepth { return true }
      } else if readTag(into: &output) {
        return true
      }
      guard elements.count <= Self.depthLimit else { return false }
    }
    return false
  }

  private mutating func skip(past end: StaticString) -> Bool {
    guard let found = text.firstOffset(of: end, from: position) else { return false }
    position = found + end.utf8CodeUnitCount
    return true
  }

  // MARK: Tags

  /// Reads an opening tag; returns true if that completes the value.
  private mutating func readTag(into output: inout [UInt8]) -> Bool {
    let nameStart = position + 1
    position = nameStart
    while position < text.count, !isTagDelimiter(text[position]) { position += 1 }
    let name = nameStart..<position
    guard !name.isEmpty else {
      // A '<' that does not open a tag.
      if foundDepth != nil { output.append(UInt8(ascii: "<")) }
      return false
    }
    let (attributes, isEmpty) = readAttributes()
    var isFound = false
    if foundDepth == nil {
      let states = states(of: name, attributes)
      isFound = states >> UInt64(path.steps.count) & 1 == 1
      if isFound, let wanted = path.attribute {
        if let value = value(of: wanted, in: attributes) {
          append(value, to: &output)
          return true
        }
        isFound = false
      }
      if !isEmpty {
        if isFound { foundDepth = elements.count }
        elements.append(Element(states: states))
      }
    } else if !isEmpty {
      elements.append(Element(states: 0))
    }
    return isFound && isEmpty
  }

  private mutating func readAttributes() -> (attributes: [Attribute], isEmpty: Bool) {
    var attributes: [Attribute] = []
    while position < text.count {
      let byte = text[position]
      if byte == UInt8(ascii: ">") {
        position += 1
        return (attributes, text[position - 2] == UInt8(ascii: "/"))
      }
      guard !isTagDelimiter(byte), byte != UInt8(ascii: "=") else {
        position += 1
        continue
      }
      let nameStart = position
      while position < text.count, !isTagDelimiter(text[position]),
        text[position] != UInt8(ascii: "=")
      {
        position += 1
      }
      let name = nameStart..<position
      while position < text.count, isSpace(text[position]) || text[position] == UInt8(ascii: "=") {
        position += 1
      }
      guard position < text.count,
        text[position] == UInt8(ascii: "\"") || text[position] == UInt8(ascii: "'")
      else { continue }
      let quote = text[position]
      guard let end = text.firstOffset(of: quote, from: position + 1) else { break }
      attributes.append((name, position + 1..<end))
      position = end + 1
    }
    position = text.count
    return (attributes, false)
  }

  private func isTagDelimiter(_ byte: UInt8) -> Bool {
    isSpace(byte) || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "/")
  }

  private func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
  }

  // MARK: Steps

  /// Returns the steps that may match a child of an element with this name below the innermost open
  /// one.
  private mutating func states(of name: Range<Int>, _ attributes: [Attribute]) -> UInt64 {
    let parent = elements.count - 1
    let possible = elements[parent].states
    var states: UInt64 = 0
    for (index, step) in path.steps.enumerated() where possible >> UInt64(index) & 1 == 1 {
      if step.isDescendant { states |= 1 << UInt64(index) }
      guard step.name.map({ isNamed($0, name) }) ?? true else { continue }
      if let attribute = step.attribute {
        guard let value = value(of: attribute.name, in: attributes) else { continue }
        if let wanted = attribute.value {
          var actual: [UInt8] = []
          append(value, to: &actual)
          guard actual == wanted else { continue }
        }
      }
      if let place = step.position {
        if elements[parent].counts.isEmpty {
          elements[parent].counts = Array(repeating: 0, count: path.steps.count)
        }
        elements[parent].counts[index] += 1
        guard elements[parent].counts[index] == place else { continue }
      }
      states |= 1 << UInt64(index + 1)
    }
    return states
  }

  /// Whether a name equals `wanted`, with or without a namespace prefix.
  private func isNamed(_ wanted: [UInt8], _ name: Range<Int>) -> Bool {
    let written = text[name]
    if written.elementsEqual(wanted) { return true }
    guard let colon = written.lastIndex(of: UInt8(ascii: ":")) else { return false }
    return written[(colon + 1)...].elementsEqual(wanted)
  }

  private func value(of wanted: [UInt8], in attributes: [Attribute]) -> Range<Int>? {
    attributes.first { isNamed(wanted, $0.name) }?.value
  }

  // MARK: Text

  /// Appends text with its entities resolved; unknown entities are kept.
  private func append(_ range: Range<Int>, to output: inout [UInt8]) {
    var index = range.lowerBound
    while index < range.upperBound {
      let end = text.firstOffset(of: UInt8(ascii: "&"), from: index, to: range.upperBound)
      output.append(
        contentsOf: UnsafeBufferPointer(rebasing: text[index..<(end ?? range.upperBound)]))
      guard let end else { return }
      let limit = min(range.upperBound, end + 12)
      if let semicolon = text.firstOffset(of: UInt8(ascii: ";"), from: end, to: limit),
        let scalar = scalar(ofEntity: end + 1..<semicolon)
      {
        output.append(contentsOf: String(scalar).utf8)
        index = semicolon + 1
      } else {
        output.append(UInt8(ascii: "&"))
        index = end + 1
      }
    }
  }

  private func scalar(ofEntity range: Range<Int>) -> Unicode.Scalar? {
    let name = String(decoding: text[range], as: UTF8.self)
    switch name {
    case "lt": return "<"
    case "gt": return ">"
    case "amp": return "&"
    case "quot": return "\""
    case "apos": return "'"
    default:
      let digits = name.dropFirst()
      guard name.hasPrefix("#") else { return nil }
      let isHexadecimal = digits.first == "x"
      let number =
        isHexadecimal ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits, radix: 10)
      return number.flatMap { Unicode.Scalar($0) }
    }
  }
}

extension XMLPath {
  /// Appends the text of the first element, or the value of the first attribute, that the path
  /// selects, with entities resolved; returns false if there is none.
  public func appendFirstValue(
    in text: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]
  ) -> Bool {
    var search = XMLSearch(self, in: text)
    return search.run(into: &output)
  }
}
