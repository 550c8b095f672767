internal import InsightsText

/// What `MessageStripper` leaves out of messages.
struct StrippedParts: OptionSet, Sendable {
  var rawValue: UInt8

  static let requestID = StrippedParts(rawValue: 1)
  static let time = StrippedParts(rawValue: 2)

  /// The bytes that each part may have: `x` stands for a hexadecimal digit, `0` for a decimal one.
  private static let layouts: [(part: StrippedParts, layout: [UInt8])] = [
    (.requestID, Array("xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx".utf8)),
    (.time, Array("0000-00-00T00:00:00.000Z".utf8)),
  ]
}

extension StrippedParts {
  /// The parts with which an occurrence of a literal may have a byte in common.
  ///
  /// A message has the literal just where what is left of it has, as long as it has none of these:
  /// `ERROR` can be no piece of an id or a time, nor can an id or a time be a piece of it.
  init(touchedBy search: LiteralSearch) {
    self = []
    let literal = search.bytes
    for (part, layout) in Self.layouts {
      let mayTouch = (1 - literal.count..<layout.count).contains { shift in
        // The literal's first byte would stand at this place of the part.
        (max(0, -shift)..<min(literal.count, layout.count - shift)).allSatisfy { index in
          Self.mayBe(literal[index], layout[index + shift], ignoresCase: search.ignoresCase)
        }
      }
      if mayTouch { insert(part) }
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
