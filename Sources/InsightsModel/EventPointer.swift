/// The content of an event's `@ptr`: its position in the store, and its time.
///
/// The text is opaque to users: 33 characters, beginning with a letter. Texts sort in the order of
/// positions.
public struct EventPointer: Hashable, Sendable {
  /// The position in input order, from 1.
  public let position: Int64
  /// Epoch milliseconds; `nil` if the event has no time.
  ///
  /// It makes finding the event fast, and detects a pointer of another store.
  public let timestamp: Int64?

  private static let mark = UInt8(ascii: "e")
  /// Only letters, because the language sorts runs of digits by their value.
  private static let digits = Array("abcdefghijklmnop".utf8)

  /// Makes a pointer.
  public init(position: Int64, timestamp: Int64?) {
    self.position = position
    self.timestamp = timestamp
  }

  /// Parses the text of a pointer; `nil` if it is malformed.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 33, bytes[0] == Self.mark, let position = Self.number(bytes[1..<17]),
      let timestamp = Self.number(bytes[17...]), position >= 0
    else { return nil }
    self.init(position: position, timestamp: timestamp == .min ? nil : timestamp)
  }

  /// Appends the text to `bytes`.
  public func append(to bytes: inout [UInt8]) {
    bytes.append(Self.mark)
    for number in [position, timestamp ?? .min] {
      let bits = UInt64(bitPattern: number)
      for shift in stride(from: 60, through: 0, by: -4) {
        bytes.append(Self.digits[Int(bits >> UInt64(shift) & 15)])
      }
    }
  }

  /// The text of the pointer.
  public var text: String {
    var bytes: [UInt8] = []
    append(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func number(_ text: ArraySlice<UInt8>) -> Int64? {
    var bits: UInt64 = 0
    for byte in text {
      guard let digit = digits.firstIndex(of: byte) else { return nil }
      bits = bits << 4 | UInt64(digit)
    }
    return Int64(bitPattern: bits)
  }
}
