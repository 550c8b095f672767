internal import InsightsText

/// Several of Lambda's lines in one event, as in copies and emulator output: `START …END …REPORT
/// …`.
enum GluedLines {
  /// Whether text other than the line's own follows it.
  static func mayFollow(_ line: LambdaLine, in message: UnsafeBufferPointer<UInt8>) -> Bool {
    switch line.kind {
    case .start:
      // Most START lines end after their version.
      var index = line.textStart
      while index < message.count, message[index] != UInt8(ascii: ":") { index += 1 }
      index += 1
      while index < message.count, message[index] == 0x20 { index += 1 }
      while index < message.count, message[index] > 0x20 { index += 1 }
      return message[min(index, message.count)...].contains { $0 > 0x20 }
    case .end: return message[line.textStart...].contains { $0 > 0x20 }
    case .report: return message.firstOffset(of: requestID, from: line.textStart) != nil
    case .initStart, .initReport, .restoreStart, .restoreReport, .fault, .timeout, .image:
      return false
    }
  }

  private static let requestID: StaticString = "RequestId: "
  private static let beginnings: [StaticString] = ["START ", "END ", "REPORT "]

  /// Returns the lines in a message that begins with one of them.
  static func lines(in message: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
    var starts = [0]
    var index = requestID.utf8CodeUnitCount
    while let id = message.firstOffset(of: requestID, from: index) {
      index = id + requestID.utf8CodeUnitCount
      guard
        let beginning = beginnings.first(where: {
          message.holds($0, at: id - $0.utf8CodeUnitCount)
        })
      else { continue }
      let start = id - beginning.utf8CodeUnitCount
      if start > starts[starts.count - 1],
        LambdaLine(UnsafeBufferPointer(rebasing: message[start...])) != nil
      {
        starts.append(start)
      }
    }
    return starts.indices.map { number in
      starts[number]..<(number + 1 < starts.count ? starts[number + 1] : message.count)
    }
  }

  /// Returns the parts of a text line that are separate events.
  ///
  /// After output without a line end, the emulator or the runtime's logger continues on the same
  /// line.
  static func parts(
    ofLine line: Range<Int>, in window: UnsafeBufferPointer<UInt8>
  ) -> [Range<Int>] {
    var parts: [Range<Int>] = []
    var rest = line
    while let start = gluedStart(in: UnsafeBufferPointer(rebasing: window[rest])) {
      parts.append(rest.lowerBound..<rest.lowerBound + start)
      rest = rest.lowerBound + start..<rest.upperBound
    }
    return parts + [rest]
  }

  /// Returns where a line of Lambda or of the runtime's logger begins inside another line.
  private static func gluedStart(in text: UnsafeBufferPointer<UInt8>) -> Int? {
    func isGlued(_ start: Int) -> Bool {
      start > 0 && endsWords(text, at: start - 1)
    }
    var index = 0
    while let id = text.firstOffset(of: requestID, from: index) {
      index = id + requestID.utf8CodeUnitCount
      for beginning in beginnings {
        let start = id - beginning.utf8CodeUnitCount
        if text.holds(beginning, at: start), isGlued(start),
          LambdaLine(UnsafeBufferPointer(rebasing: text[start...])) != nil
        {
          return start
        }
      }
    }
    // [LEVEL] TAB time TAB: the shortest level has four letters.
    guard let close = text.firstOffset(of: "]\t2", from: min(6, text.count)) else { return nil }
    var start = close
    while start > 0, close - start < 10, text[start - 1].isUpperCase { start -= 1 }
    start -= 1
    guard start > 0, text[start] == UInt8(ascii: "["), isGlued(start),
      OwnLine.begins(text, at: start)
    else { return nil }
    return start
  }

  /// Whether output may end with the byte at an offset.
  ///
  /// Text that quotes a line, or the prefix of a tool, ends with a space, a quote, a bar or a
  /// similar character, or a colour code.
  private static func endsWords(_ text: UnsafeBufferPointer<UInt8>, at offset: Int) -> Bool {
    let byte = text[offset]
    if byte == UInt8(ascii: "m") {
      var start = offset
      while start > 0, text[start - 1] &- 48 < 10 || text[start - 1] == UInt8(ascii: ";") {
        start -= 1
      }
      if start > 1, text[start - 1] == UInt8(ascii: "["), text[start - 2] == 0x1B { return false }
    }
    return byte.isLetter || byte &- 48 < 10 || byte == 0x0D || ")}].!?;".utf8.contains(byte)
  }
}
