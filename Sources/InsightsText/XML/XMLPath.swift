/// A path to a part of an XML text: the subset of XPath that is useful for extracting values from
/// logs.
///
/// `/Event/System/EventID`, `//EventID` and `EventID` at any depth, `*`, `Data[2]`,
/// `Data[@Name='user']`, `Data[@Name]`, and at the end `@attribute` or `text()`. A name without a
/// prefix matches in every namespace.
public struct XMLPath: Sendable {
  /// A path is not valid.
  public struct SyntaxError: Error {
    /// A lower-case phrase.
    public var message: String
    /// Where the error is, in bytes from the start of the path.
    public var offset: Int
  }

  struct Step: Sendable {
    /// `nil` for `*`.
    var name: [UInt8]?
    /// Whether it matches at any depth below the previous step.
    var isDescendant: Bool
    var attribute: (name: [UInt8], value: [UInt8]?)?
    /// The required position, from 1, among the siblings that match otherwise.
    var position: Int?
  }

  /// The maximum number of steps: the states of the search are bits of a word.
  private static let stepLimit = 60

  private(set) var steps: [Step] = []
  /// The attribute of the last step to extract, instead of its text.
  private(set) var attribute: [UInt8]?

  /// Parses a path.
  ///
  /// - Throws: `SyntaxError` with the offset of the error in the path.
  public init(_ text: String) throws(SyntaxError) {
    var reader = XMLPathReader(Array(text.utf8))
    repeat {
      let isDescendant = try reader.separator(isFirst: steps.isEmpty)
      if reader.take("@") {
        if isDescendant { steps.append(Step(isDescendant: true)) }
        attribute = try reader.name("an attribute")
      } else if !steps.isEmpty, reader.take("text()") {
        try reader.end()
      } else {
        steps.append(try reader.step(isDescendant: isDescendant))
      }
      if attribute != nil { try reader.end() }
    } while !reader.isAtEnd && attribute == nil
    guard !steps.isEmpty, steps.count <= Self.stepLimit else {
      throw SyntaxError(
        message: steps.isEmpty
          ? "path names no element" : "path has more than \(Self.stepLimit) steps", offset: 0)
    }
  }
}

/// Parses the parts of a path.
private struct XMLPathReader {
  private let bytes: [UInt8]
  private var index = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  var isAtEnd: Bool { index >= bytes.count }

  mutating func take(_ text: StaticString) -> Bool {
    let wanted = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    guard bytes[index...].starts(with: wanted) else { return false }
    index += wanted.count
    return true
  }

  func end() throws(XMLPath.SyntaxError) {
    guard isAtEnd else { throw fault("nothing may follow here") }
  }

  /// Parses the slashes before a step; returns true if the step matches at any depth.
  mutating func separator(isFirst: Bool) throws(XMLPath.SyntaxError) -> Bool {
    if take("//") { return true }
    guard take("/") || isFirst else { throw fault("'/' is expected") }
    return index == 0
  }

  mutating func step(isDescendant: Bool) throws(XMLPath.SyntaxError) -> XMLPath.Step {
    var step = XMLPath.Step(isDescendant: isDescendant)
    if !take("*") { step.name = try name("an element") }
    while take("[") {
      if take("@") {
        let name = try name("an attribute")
        step.attribute = (name, take("=") ? try literal() : nil)
      } else {
        step.position = try number()
      }
      guard take("]") else { throw fault("']' is expected") }
    }
    return step
  }

  mutating func name(_ what: String) throws(XMLPath.SyntaxError) -> [UInt8] {
    let start = index
    while index < bytes.count, bytes[index] >= 0x80 || isNameByte(bytes[index]) { index += 1 }
    guard index > start else { throw fault("the name of \(what) is expected") }
    return Array(bytes[start..<index])
  }

  private func isNameByte(_ byte: UInt8) -> Bool {
    let isLetter = byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")
    let isDigit = byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    return isLetter || isDigit || "_-.:".utf8.contains(byte)
  }

  private mutating func number() throws(XMLPath.SyntaxError) -> Int {
    let start = index
    var number = 0
    while index < bytes.count, bytes[index] &- UInt8(ascii: "0") < 10, index - start < 6 {
      number = number * 10 + Int(bytes[index] &- UInt8(ascii: "0"))
      index += 1
    }
    guard number >= 1 else { throw fault("a number or an attribute is expected in brackets") }
    return number
  }

  private mutating func literal() throws(XMLPath.SyntaxError) -> [UInt8] {
    guard index < bytes.count,
      bytes[index] == UInt8(ascii: "'") || bytes[index] == UInt8(ascii: "\"")
    else { throw fault("a text in quotes is expected") }
    let rest = bytes[(index + 1)...]
    guard let end = rest.firstIndex(of: bytes[index]) else { throw fault("the quote has no end") }
    index = end + 1
    return Array(rest[..<end])
  }

  private func fault(_ message: String) -> XMLPath.SyntaxError {
    XMLPath.SyntaxError(message: message, offset: index)
  }
}
