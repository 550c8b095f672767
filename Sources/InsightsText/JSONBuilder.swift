/// JSON text that grows value by value; objects in arrays stand on lines of their own.
public struct JSONBuilder {
  private var bytes: [UInt8] = []
  private var needsComma = false
  private var depth = 0

  public init() {}

  /// What has been appended so far.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Appends an object, whose members `members` appends.
  public mutating func object(_ members: (inout JSONBuilder) -> Void) {
    bytes.append(UInt8(ascii: "{"))
    needsComma = false
    members(&self)
    bytes.append(UInt8(ascii: "}"))
    needsComma = true
  }

  /// Appends a member of an object; `value` appends its value.
  public mutating func member(_ name: String, _ value: (inout JSONBuilder) -> Void) {
    if needsComma { bytes.append(contentsOf: ", ".utf8) }
    JSONWriter.append(string: name, to: &bytes)
    bytes.append(contentsOf: ": ".utf8)
    value(&self)
    needsComma = true
  }

  /// Appends an array; `append` appends each of its elements.
  public mutating func array<Element>(
    _ elements: [Element], _ append: (Element, inout JSONBuilder) -> Void
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

  /// Appends a value; `nil` is `null`.
  public mutating func value(_ text: String?) {
    guard let text else { return JSONWriter.appendNull(to: &bytes) }
    JSONWriter.append(string: text, to: &bytes)
  }

  /// Appends a value; `nil` is `null`.
  public mutating func value(_ number: Int64?) {
    guard let number else { return JSONWriter.appendNull(to: &bytes) }
    JSONWriter.append(number, to: &bytes)
  }

  /// Appends a value; `nil` and what is no finite number are `null`.
  public mutating func value(_ number: Double?) {
    guard let number, number.isFinite else { return JSONWriter.appendNull(to: &bytes) }
    JSONWriter.append(number, to: &bytes)
  }

  /// Appends a time as every format shows it: UTC, with milliseconds.
  public mutating func time(_ milliseconds: Int64?) {
    guard let milliseconds else { return JSONWriter.appendNull(to: &bytes) }
    bytes.append(UInt8(ascii: "\""))
    Timestamp.append(milliseconds, to: &bytes)
    bytes.append(UInt8(ascii: "\""))
  }

  /// Appends an array of texts on one line.
  public mutating func texts(_ texts: [String]) {
    bytes.append(UInt8(ascii: "["))
    for (index, text) in texts.enumerated() {
      if index > 0 { bytes.append(contentsOf: ", ".utf8) }
      JSONWriter.append(string: text, to: &bytes)
    }
    bytes.append(UInt8(ascii: "]"))
  }
}
