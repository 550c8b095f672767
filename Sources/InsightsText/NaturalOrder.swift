/// The sort order of the language, as a binary key for each value that is compared byte by byte.
///
/// Text that is not a number comes first. It is divided into runs of digits and runs of other
/// characters; runs of digits are ordered by length, then value, other runs by code point. Numbers
/// follow, in order of value; equal numbers are ordered by their text, so `01` is before `1`.
public enum NaturalOrder {
  private static let textTag: UInt8 = 1
  private static let numberTag: UInt8 = 2

  /// Appends the key of a text, which is treated as a number if the whole text is one.
  public static func appendKey(ofText text: UnsafeBufferPointer<UInt8>, to key: inout [UInt8]) {
    switch NumericText.number(text) {
    case .integer(let integer):
      appendNumber(Double(integer), remainder: remainder(of: integer), to: &key)
      key.append(contentsOf: text)
    case .real(let real):
      appendNumber(real, remainder: remainder(ofWide: real), to: &key)
      appendDigits(of: text, near: real, to: &key)
      key.append(contentsOf: text)
    case nil:
      appendRuns(of: text, to: &key)
    }
  }

  /// Appends the key of an integer; equal to the key of its decimal text.
  public static func appendKey(ofInteger integer: Int64, to key: inout [UInt8]) {
    appendNumber(Double(integer), remainder: remainder(of: integer), to: &key)
    NumericText.append(integer, to: &key)
  }

  /// Appends what distinguishes integers beyond 64 bits with the same nearest `Double`: the number
  /// of digits, then the digits.
  private static func appendDigits(
    of text: UnsafeBufferPointer<UInt8>, near real: Double, to key: inout [UInt8]
  ) {
    guard real.magnitude >= NumericText.wideMagnitude,
      let (isNegative, digits) = NumericText.wholeDigits(of: text)
    else { return }
    let flip: UInt8 = isNegative ? 0xFF : 0
    let length = UInt16(clamping: digits.count)
    key.append(UInt8(length >> 8) ^ flip)
    key.append(UInt8(length & 0xFF) ^ flip)
    key.append(contentsOf: digits.lazy.map { $0 ^ flip })
    key.append(flip)
  }

  /// Appends the key of a real number.
  public static func appendKey(ofReal real: Double, to key: inout [UInt8]) {
    if real == -NumericText.wideMagnitude {
      appendKey(ofInteger: .min, to: &key)
      return
    }
    appendNumber(real, remainder: remainder(ofWide: real), to: &key)
    let start = key.count
    NumericText.append(real, to: &key)
    guard real.magnitude >= NumericText.wideMagnitude else { return }
    let shown = Array(key[start...])
    key.removeSubrange(start...)
    shown.withUnsafeBufferPointer { appendDigits(of: $0, near: real, to: &key) }
    key.append(contentsOf: shown)
  }

  // MARK: Numbers

  /// Returns the number that a key begins with (the nearest `Double`); `nil` for the key of a text.
  public static func number(ofKey key: UnsafeBufferPointer<UInt8>) -> Double? {
    guard key.count > 8, key[0] == numberTag else { return nil }
    let ordered = key[1...8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Double(bitPattern: ordered >> 63 == 1 ? ordered ^ 1 << 63 : ~ordered)
  }

  /// The difference between an integer and its nearest Double, which integers beyond 2^53 share.
  private static func remainder(of integer: Int64) -> Int16 {
    let nearest = Double(integer)
    // 2^63 is the only nearest value that Int64 cannot hold; with wrapping subtraction Int64.min,
    // which has the same low 64 bits, serves as well.
    let base = Int64(exactly: nearest) ?? .min
    return Int16(truncatingIfNeeded: integer &- base)
  }

  /// Returns the remainder of an integer that exceeds 64 bits: -1 sorts it before `Int64.min`,
  /// which may have the same nearest `Double`.
  private static func remainder(ofWide real: Double) -> Int16 {
    real <= -NumericText.wideMagnitude ? -1 : 0
  }

  private static func appendNumber(_ value: Double, remainder: Int16, to key: inout [UInt8]) {
    // The bits of positive IEEE numbers sort like their values, those of negative numbers in
    // reverse; both zeros are equal.
    let bits = (value == 0 ? 0.0 : value).bitPattern
    let ordered = bits >> 63 == 0 ? bits | 1 << 63 : ~bits
    key.append(numberTag)
    withUnsafeBytes(of: ordered.bigEndian) { key.append(contentsOf: $0) }
    let shifted = UInt16(bitPattern: remainder) ^ 0x8000
    withUnsafeBytes(of: shifted.bigEndian) { key.append(contentsOf: $0) }
  }

  // MARK: Text

  /// Encodes runs: digits as `0`, their length and the digits; other characters as their bytes and
  /// a 0.
  ///
  /// The `0` sorts against the bytes of another run as a digit would. The terminating 0 sorts a run
  /// before the longer runs that it is a prefix of: `a1` before `a!`. Bytes 0 and 1 are escaped to
  /// keep the encoding unique.
  private static func appendRuns(of text: UnsafeBufferPointer<UInt8>, to key: inout [UInt8]) {
    // At most three bytes per input byte (a single digit, or an escaped byte). Filling plain memory
    // takes half the time of appending byte by byte.
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 1 + 3 * text.count) { buffer in
      buffer[0] = textTag
      var end = 1
      var position = 0
      while position < text.count {
        if isDigit(text[position]) {
          let start = position
          while position < text.count, isDigit(text[position]) { position += 1 }
          buffer[end] = UInt8(ascii: "0")
          end = writeLength(position - start, to: buffer, at: end + 1)
          for index in start..<position {
            buffer[end] = text[index]
            end += 1
          }
        } else {
          while position < text.count, !isDigit(text[position]) {
            let byte = text[position]
            if byte <= 1 {
              buffer[end] = 1
              buffer[end + 1] = byte &+ 1
              end += 2
            } else {
              buffer[end] = byte
              end += 1
            }
            position += 1
          }
          buffer[end] = 0
          end += 1
        }
      }
      key.append(contentsOf: UnsafeBufferPointer(rebasing: buffer[..<end]))
    }
  }

  /// Writes one byte for the usual lengths, nine for runs of 255 digits and more; returns the end.
  private static func writeLength(
    _ length: Int, to buffer: UnsafeMutableBufferPointer<UInt8>, at start: Int
  ) -> Int {
    buffer[start] = UInt8(clamping: length)
    guard length >= 255 else { return start + 1 }
    for index in 0..<8 {
      buffer[start + 1 + index] = UInt8(truncatingIfNeeded: length >> (56 - 8 * index))
    }
    return start + 9
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    byte &- UInt8(ascii: "0") < 10
  }
}
