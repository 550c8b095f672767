/// The forms of log stream names.
enum LogStreamName {
  /// Whether bytes are a name in the form of Lambda (`2026/02/11/[$LATEST]9f8e…`), or 32
  /// hexadecimal digits, as for API Gateway.
  static func recognizes(_ text: UnsafeBufferPointer<UInt8>, in range: Range<Int>) -> Bool {
    let start = range.lowerBound
    if range.count > 12, text[start + 4] == UInt8(ascii: "/"), text[start + 7] == UInt8(ascii: "/"),
      text[start + 10] == UInt8(ascii: "/")
    {
      return text[start..<start + 4].allSatisfy { $0 &- 48 < 10 }
        && text[range].contains(UInt8(ascii: "["))
    }
    return range.count == 32
      && text[range].allSatisfy { $0 &- 48 < 10 || $0 &- UInt8(ascii: "a") < 6 }
  }
}
