/// What `@ptr` of an event says: where the event is in its store, and when it was.
///
/// As text it is opaque to users, 33 characters that begin with a letter; texts of later positions
/// sort behind those of earlier ones.
public struct EventPointer: Hashable, Sendable {
  /// In the order of input, from 1.
  public let position: Int64
  /// Epoch milliseconds; `nil` where the event has no time.
  ///
  /// It lets the event be found quickly, and the pointer of another store be told apart.
  public let timestamp: Int64?

  private static let mark = UInt8(ascii: "e")
  /// Letters only: the language sorts runs of digits in a text by their value.
  private static let digits = Array("abcdefghijklmnop".utf8)

  public init(position: Int64, timestamp: Int64?) {
    self.position = position
    self.timestamp = timestamp
  }

  /// Reads the text of a pointer; `nil` when it is none.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 33, bytes[0] == Self.mark, let position = Self.number(bytes[1..<17]),
      let timestamp = Self.number(bytes[17...]), position >= 0
    else { return nil }
    self.init(position: position, timestamp: timestamp == .min ? nil : timestamp)
  }

  /// The text, as bytes at the end of `bytes`.
  public func append(to bytes: inout [UInt8]) {
    bytes.append(Self.mark)
    for number in [position, timestamp ?? .min] {
      let bits = UInt64(bitPattern: number)
      for shift in stride(from: 60, through: 0, by: -4) {
        bytes.append(Self.digits[Int(bits >> UInt64(shift) & 15)])
      }
    }
  }

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
