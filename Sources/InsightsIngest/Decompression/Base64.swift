/// Base64 (RFC 4648), also with the characters of the URL alphabet and with line ends between.
enum Base64 {
  /// The bytes that a text stands for; `nil` where it is none, or ends inside a byte.
  static func decode(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 4 * 3)
    var bits: UInt32 = 0
    var count = 0
    var isPadded = false
    var index = 0
    while index < text.count {
      let byte = text[index]
      index += 1
      if let value = value(of: byte) {
        if isPadded { return nil }
        bits = bits << 6 | UInt32(value)
        count += 1
        if count == 4 {
          bytes.append(UInt8(truncatingIfNeeded: bits >> 16))
          bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
          bytes.append(UInt8(truncatingIfNeeded: bits))
          count = 0
        }
      } else if byte == UInt8(ascii: "=") {
        isPadded = true
      } else if byte == UInt8(ascii: "\\"), index < text.count,
        text[index] == UInt8(ascii: "n") || text[index] == UInt8(ascii: "r")
      {
        // A line end as JSON writes it.
        index += 1
      } else if byte == UInt8(ascii: "\\"), index < text.count, text[index] == UInt8(ascii: "/") {
        continue
      } else if byte > 0x20 {
        return nil
      }
    }
    switch count {
    case 0: break
    case 2: bytes.append(UInt8(truncatingIfNeeded: bits >> 4))
    case 3:
      bytes.append(UInt8(truncatingIfNeeded: bits >> 10))
      bytes.append(UInt8(truncatingIfNeeded: bits >> 2))
    default: return nil
    }
    return bytes
  }

  private static func value(of byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0") + 52
    case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
    case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
    default: nil
    }
  }
}
