internal import InsightsText

/// Finds request ids in the default layouts of the runtimes' loggers.
enum ApplicationLine {
  /// Returns the range of the request id; `nil` if the message contains none.
  static func requestID(_ message: UnsafeBufferPointer<UInt8>, jsonOffset: Int?) -> Range<Int>? {
    guard let first = message.first else { return nil }
    switch first {
    case UInt8(ascii: "{"):
      return jsonOffset == 0 ? requestID(inJSON: message) : nil
    case UInt8(ascii: "["):
      // Python: [LEVEL] TAB time TAB id TAB
      guard let level = message.firstOffset(of: 0x09, to: 16),
        let time = message.firstOffset(of: 0x09, from: level + 1, to: level + 40)
      else { return nil }
      return id(in: message, at: time + 1)
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"):
      // Node and .NET: time TAB id TAB; Java's log4j: time space id space; PHP: id TAB.
      if let id = id(in: message, at: 0) { return id }
      guard let time = Timestamp.parseISO8601(message) else { return nil }
      return id(in: message, at: time.end + 1)
    case UInt8(ascii: "A")...UInt8(ascii: "Z"):
      // Ruby: I, [time #pid]  INFO id --
      guard message.holds(", [", at: 1),
        let bracket = message.firstOffset(of: UInt8(ascii: "]"), to: 64)
      else { return nil }
      var index = bracket + 1
      while index < message.count, message[index] == 0x20 { index += 1 }
      guard let space = message.firstOffset(of: 0x20, from: index, to: index + 16) else {
        return nil
      }
      return id(in: message, at: space + 1)
    default: return nil
    }
  }

  /// Matches a UUID followed by white space.
  private static func id(in message: UnsafeBufferPointer<UInt8>, at start: Int) -> Range<Int>? {
    guard let id = LambdaLine.uuid(in: message, at: start), id.upperBound < message.count,
      message[id.upperBound] == 0x09 || message[id.upperBound] == 0x20
    else { return nil }
    return id
  }

  private static func requestID(inJSON message: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
    // Cheaper than iterating over the members of every object.
    guard
      message.firstOffset(of: "equestId\"") != nil || message.firstOffset(of: "equest_id\"") != nil
    else { return nil }
    for key in ["requestId", "AWSRequestId", "function_request_id"] as [StaticString] {
      if let value = JSONScanner.member(key, in: message, objectAt: 0), isID(value) {
        return value.range
      }
    }
    guard let record = JSONScanner.member("record", in: message, objectAt: 0),
      record.kind == .object,
      let value = JSONScanner.member(
        "requestId", in: message, objectAt: record.range.lowerBound), isID(value)
    else { return nil }
    return value.range
  }

  private static func isID(_ value: JSONScanner.Value) -> Bool {
    value.kind == .string && !value.range.isEmpty && value.range.count <= 128
  }
}
