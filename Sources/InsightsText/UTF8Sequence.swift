/// The bytes of one non-ASCII code point, or of an invalid sequence.
struct UTF8Sequence {
  /// False for invalid bytes: stray, truncated, overlong, or a surrogate.
  let isValid: Bool
  /// At least 1; for an invalid sequence, the bytes that one U+FFFD replaces: its longest valid
  /// prefix.
  let byteCount: Int

  /// Reads the sequence that begins at `start`, the position of a byte from 0x80 on.
  init(in bytes: UnsafeBufferPointer<UInt8>, at start: Int) {
    let first = bytes[start]
    let length: Int
    // The second byte rules out overlong forms, surrogates and code points beyond Unicode.
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch first {
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: length = 3
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: length = 4
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: length = 1
    }
    var count = 1
    while count < length, start + count < bytes.count {
      let allowed = count == 1 ? second : 0x80...0xBF
      guard allowed.contains(bytes[start + count]) else { break }
      count += 1
    }
    byteCount = count
    isValid = length > 1 && count == length
  }
}
