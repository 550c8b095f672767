internal import InsightsText

/// Extracts text from JSON, for the few events that become errors.
enum JSONText {
  /// Returns a string's text with its escapes resolved; any other value as written.
  static func string(
    _ value: JSONScanner.Value, in bytes: UnsafeBufferPointer<UInt8>
  ) -> String {
    guard value.kind == .string else { return String(decoding: bytes[value.range], as: UTF8.self) }
    var text: [UInt8] = []
    JSONScanner.appendUnescaped(value.range, of: bytes, to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// Returns the text of a string from `start`, inside the string, to its closing quote, with
  /// escapes resolved.
  ///
  /// Line breaks in the string may be unescaped.
  static func rest(
    ofStringIn bytes: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> String {
    var end = start
    while end < bytes.count, bytes[end] != UInt8(ascii: "\"") {
      end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
    }
    var text: [UInt8] = []
    JSONScanner.appendUnescaped(start..<min(end, bytes.count), of: bytes, to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// Returns the text of a member; `nil` if it is missing or `null`.
  static func member(
    _ key: StaticString, in bytes: UnsafeBufferPointer<UInt8>, objectAt start: Int
  ) -> String? {
    guard let value = JSONScanner.member(key, in: bytes, objectAt: start), value.kind != .null
    else { return nil }
    return string(value, in: bytes)
  }

  /// Returns the strings of an array.
  static func strings(
    in bytes: UnsafeBufferPointer<UInt8>, arrayAt start: Int
  ) -> [String] {
    var strings: [String] = []
    var elements = JSONElements(of: bytes, arrayAt: start)
    while let element = elements.next() {
      if element.kind == .string { strings.append(string(element, in: bytes)) }
    }
    return strings
  }
}
