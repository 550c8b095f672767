internal import InsightsText

/// Puts messages into groups that are compressed and searched apart.
///
/// Which message is where changes no answer: the group of a message is stored with it.
struct TextGrouping {
  /// How many words of a line, and of how many bytes of it, are looked at for its level.
  private static let wordLimit = 6
  private static let headLength = 128

  private static let levelNames = ["level", "severity", "levelname", "log.level", "loglevel"]
    .map { Array($0.utf8) }

  /// Whether a JSON name is that of a level, by the number of the name.
  private var isLevel: [Bool] = []

  /// The group of a message; its JSON object was the last that `leaves` read.
  mutating func group(
    of message: UnsafeBufferPointer<UInt8>, _ values: EventColumns, _ leaves: JSONLeafReader
  ) -> TextGroup {
    if values.type != nil { return .platform }
    guard values.jsonOffset == 0 else {
      return values.isFact || Self.tellsTrouble(head: message, requestID: values.requestID)
        ? .otherTrouble : .other
    }
    return values.isFact || tellsTrouble(leaves, of: message) ? .jsonTrouble : .json
  }

  private mutating func tellsTrouble(
    _ reader: JSONLeafReader, of message: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    while isLevel.count < reader.nameCount {
      let name = reader.name(Int32(isLevel.count)).map {
        $0 &- UInt8(ascii: "A") < 26 ? $0 | 32 : $0
      }
      isLevel.append(Self.levelNames.contains(name))
    }
    for leaf in reader.leaves where isLevel[Int(leaf.name)] {
      let range = Int(leaf.start)..<min(Int(leaf.end), message.count)
      switch leaf.kind {
      case .string: return Self.isTrouble(message, at: range.lowerBound)
      // Bunyan's and pino's levels: 40 is a warning.
      case .number: return range.count == 2 && message[range.lowerBound] >= UInt8(ascii: "4")
      case .object, .array, .true, .false, .null: return false
      }
    }
    return false
  }

  /// The level stands first, or after times, ids and names: `[ERROR] …`, `2026-…Z ERROR …`.
  private static func tellsTrouble(
    head message: UnsafeBufferPointer<UInt8>, requestID: Range<Int>?
  ) -> Bool {
    let end = min(message.count, headLength)
    var position = 0
    for _ in 0..<wordLimit {
      if let requestID, requestID.contains(position) { position = requestID.upperBound }
      while position < end, isBracketOrBlank(message[position]) { position += 1 }
      guard position < end else { return false }
      if message[position] == UInt8(ascii: "l"), message.holds("level=", at: position) {
        return isTrouble(message, at: position + 6)
      }
      if isTrouble(message, at: position) { return true }
      let start = position
      var isName = message[position] &- UInt8(ascii: "0") < 10
      while position < end, message[position] != 0x20, message[position] != 0x09 {
        isName = isName || message[position] == UInt8(ascii: "=")
        position += 1
      }
      // Any other word begins the text itself, or is a lesser level.
      if !isName, requestID?.contains(start) != true { return false }
    }
    return false
  }

  private static func isBracketOrBlank(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "["), UInt8(ascii: "("), UInt8(ascii: "<"), UInt8(ascii: "|"),
      UInt8(ascii: "-"), 0x20, 0x09:
      true
    default: false
    }
  }

  /// Whether the word at an offset is the name of such a level.
  private static func isTrouble(_ message: UnsafeBufferPointer<UInt8>, at offset: Int) -> Bool {
    guard offset <= message.count - 4 else { return false }
    let word = UInt32(
      bigEndian: UnsafeRawBufferPointer(message).loadUnaligned(
        fromByteOffset: offset, as: UInt32.self))
    switch word | 0x2020_2020 {
    case 0x6572_726F, 0x7761_726E, 0x6661_7461, 0x6372_6974,  // erro, warn, fata, crit
      0x7365_7665, 0x7061_6E69, 0x656D_6572:  // seve, pani, emer
      return true
    default: return false
    }
  }
}
