/// The order in which the language sorts: a key for each value, compared byte by byte.
///
/// Text that is no number comes first. It is cut into runs of digits and runs of other characters;
/// runs of digits go by length, then value, other runs by code point. Then come the numbers, in
/// order of value; equal numbers go by their text, so `01` is before `1`.
public enum NaturalOrder {
  private static let textTag: UInt8 = 1
  private static let numberTag: UInt8 = 2

  /// Appends the key of a text, which counts as a number when it is only a number.
  public static func appendKey(ofText text: UnsafeBufferPointer<UInt8>, to key: inout [UInt8]) {
    switch NumericText.number(text) {
    case .integer(let integer):
      appendNumber(Double(integer), remainder: remainder(of: integer), to: &key)
      key.append(contentsOf: text)
    case .real(let real):
      appendNumber(real, remainder: 0, to: &key)
      appendDigits(of: text, near: real, to: &key)
      key.append(contentsOf: text)
    case nil:
      appendRuns(of: text, to: &key)
    }
  }

  /// Appends the key of an integer; the same as that of the text it shows as.
  public static func appendKey(ofInteger integer: Int64, to key: inout [UInt8]) {
    appendNumber(Double(integer), remainder: remainder(of: integer), to: &key)
    NumericText.append(integer, to: &key)
  }

  /// Appends what tells integers beyond 64 bits apart that share their nearest `Double`: how many
  /// digits they have, then the digits.
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
    appendNumber(real, remainder: 0, to: &key)
    let start = key.count
    NumericText.append(real, to: &key)
    guard real.magnitude >= NumericText.wideMagnitude else { return }
    let shown = Array(key[start...])
    key.removeSubrange(start...)
    shown.withUnsafeBufferPointer { appendDigits(of: $0, near: real, to: &key) }
    key.append(contentsOf: shown)
  }

  // MARK: Numbers

  /// The number that a key begins with, of several with the same nearest `Double` that one; `nil`
  /// for the key of a text.
  public static func number(ofKey key: UnsafeBufferPointer<UInt8>) -> Double? {
    guard key.count > 8, key[0] == numberTag else { return nil }
    let ordered = key[1...8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Double(bitPattern: ordered >> 63 == 1 ? ordered ^ 1 << 63 : ~ordered)
  }

  /// What `Double(integer)` lost: integers beyond 2^53 share their nearest Double.
  private static func remainder(of integer: Int64) -> Int16 {
    let nearest = Double(integer)
    // 2^63 is the one nearest value that Int64 cannot hold; with wrapping subtraction its low 64
    // bits, those of Int64.min, serve as well.
    let base = Int64(exactly: nearest) ?? .min
    return Int16(truncatingIfNeeded: integer &- base)
  }

  private static func appendNumber(_ value: Double, remainder: Int16, to key: inout [UInt8]) {
    // Positive IEEE numbers sort as their bits do, negative ones in reverse; both zeros are one.
    let bits = (value == 0 ? 0.0 : value).bitPattern
    let ordered = bits >> 63 == 0 ? bits | 1 << 63 : ~bits
    key.append(numberTag)
    withUnsafeBytes(of: ordered.bigEndian) { key.append(contentsOf: $0) }
    let shifted = UInt16(bitPattern: remainder) ^ 0x8000
    withUnsafeBytes(of: shifted.bigEndian) { key.append(contentsOf: $0) }
  }

  // MARK: Text

  /// A run of digits is `0`, its length, its digits; another run is its bytes and a 0.
  ///
  /// The `0` sorts against the bytes of another run as a digit would, and the closing 0 puts a run
  /// before the longer runs that it begins: `a1` before `a!`. Bytes 0 and 1 are escaped to keep it
  /// unique.
  private static func appendRuns(of text: UnsafeBufferPointer<UInt8>, to key: inout [UInt8]) {
    // Three bytes for a digit by itself or an escaped byte by itself is the most that one takes;
    // filling plain memory takes half the time of appending byte by byte.
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

  /// One byte for the usual lengths, nine for runs of 255 digits and more; gives where it ends.
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
