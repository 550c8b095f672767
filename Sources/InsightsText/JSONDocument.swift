/// Builds a JSON document value by value; objects in arrays are written on lines of their own.
public struct JSONDocument {
  private var bytes: [UInt8] = []
  private var needsComma = false
  private var depth = 0

  /// Makes an empty document.
  public init() {}

  /// Appends an object; `members` appends its members.
  public mutating func object(_ members: (inout JSONDocument) -> Void) {
    bytes.append(UInt8(ascii: "{"))
    needsComma = false
    members(&self)
    bytes.append(UInt8(ascii: "}"))
    needsComma = true
  }

  /// Appends a member of an object.
  public mutating func member(_ name: String, _ value: (inout JSONDocument) -> Void) {
    if needsComma { bytes.append(contentsOf: ", ".utf8) }
    JSONWriter.append(string: name, to: &bytes)
    bytes.append(contentsOf: ": ".utf8)
    value(&self)
    needsComma = true
  }

  /// Appends an array, one element per line.
  public mutating func array<Element>(
    _ elements: [Element], _ append: (Element, inout JSONDocument) -> Void
  ) {
    bytes.append(UInt8(ascii: "["))
    depth += 1
    for (index, element) in elements.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      appendLineBreak()
      needsComma = false
      append(element, &self)
    }
    depth -= 1
    if !elements.isEmpty { appendLineBreak() }
    bytes.append(UInt8(ascii: "]"))
  }

  private mutating func appendLineBreak() {
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
  }

  /// Appends a string, or `null`.
  public mutating func value(_ text: String?) {
    guard let text else { return JSONWriter.appendNull(to: &bytes) }
    JSONWriter.append(string: text, to: &bytes)
  }

  /// Appends an integer, or `null`.
  public mutating func value(_ number: Int64?) {
    guard let number else { return JSONWriter.appendNull(to: &bytes) }
    JSONWriter.append(number, to: &bytes)
  }

  /// Appends a number; `null` for `nil`, infinity and NaN.
  public mutating func value(_ number: Double?) {
    guard let number, number.isFinite else { return JSONWriter.appendNull(to: &bytes) }
    JSONWriter.append(number, to: &bytes)
  }

  /// Appends a time in the form that all output formats use, or `null`.
  public mutating func time(_ milliseconds: Int64?) {
    guard let milliseconds else { return value(nil as String?) }
    bytes.append(UInt8(ascii: "\""))
    Timestamp.append(milliseconds, to: &bytes)
    bytes.append(UInt8(ascii: "\""))
  }

  /// Appends an array of integers on one line.
  public mutating func numbers(_ numbers: [Int]) {
    bytes.append(UInt8(ascii: "["))
    for (index, number) in numbers.enumerated() {
      if index > 0 { bytes.append(contentsOf: ", ".utf8) }
      JSONWriter.append(Int64(number), to: &bytes)
    }
    bytes.append(UInt8(ascii: "]"))
  }

  /// Appends an array of strings on one line.
  public mutating func texts(_ texts: [String]) {
    bytes.append(UInt8(ascii: "["))
    for (index, text) in texts.enumerated() {
      if index > 0 { bytes.append(contentsOf: ", ".utf8) }
      JSONWriter.append(string: text, to: &bytes)
    }
    bytes.append(UInt8(ascii: "]"))
  }

  /// The whole document, with a line break at its end.
  public var text: String { String(decoding: bytes, as: UTF8.self) + "\n" }
}
