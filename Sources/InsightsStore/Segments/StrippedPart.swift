internal import InsightsText

/// A part that `MessageStripper` leaves out of messages.
enum StrippedPart: CaseIterable, Sendable {
  case requestID, time

  /// The bytes that it may have: `x` stands for a hexadecimal digit, `0` for a decimal one.
  private static let requestIDLayout = Array("xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx".utf8)
  private static let timeLayout = Array("0000-00-00T00:00:00.000Z".utf8)

  var byteCount: Int { layout.count }

  private var layout: [UInt8] {
    switch self {
    case .requestID: Self.requestIDLayout
    case .time: Self.timeLayout
    }
  }

  /// Where a literal may begin that has bytes in common with the part, counted from its first byte.
  ///
  /// None for `RETRY`, which can be no piece of an id. -2 for `bad`, of which at most the last
  /// letter begins a time, or all or the last ones an id, and so on.
  func starts(of search: LiteralSearch) -> [Int] {
    let literal = search.bytes
    let layout = self.layout
    return (1 - literal.count..<layout.count).filter { start in
      (max(0, -start)..<min(literal.count, layout.count - start)).allSatisfy { index in
        Self.mayBe(literal[index], layout[index + start], ignoresCase: search.ignoresCase)
      }
    }
  }

  private static func mayBe(_ byte: UInt8, _ place: UInt8, ignoresCase: Bool) -> Bool {
    switch place {
    case UInt8(ascii: "x"): byte &- UInt8(ascii: "0") < 10 || byte &- UInt8(ascii: "a") < 6
    case UInt8(ascii: "0"): byte &- UInt8(ascii: "0") < 10
    default: byte == place || ignoresCase && byte == place | 0x20
    }
  }
}
