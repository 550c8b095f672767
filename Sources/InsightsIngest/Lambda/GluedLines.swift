internal import InsightsText

/// Several of Lambda's lines in one event, as copies and emulators make them: `START …END …REPORT …`.
enum GluedLines {
  /// Whether more than the line's own words stands behind it.
  static func mayFollow(_ line: LambdaLine, in message: UnsafeBufferPointer<UInt8>) -> Bool {
    switch line.kind {
    case .start:
      // Most STARTs end behind their version.
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

  /// The lines in a message that begins with one of them.
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
}
