/// Reads and writes integers as decimal digits.
enum DecimalDigits {
  @inline(__always)
  static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

  /// Returns the offset of the first digit from `start` on; `end` if there is none.
  @inline(__always)
  static func firstOffset(
    in bytes: UnsafePointer<UInt8>, from start: Int, to end: Int
  ) -> Int {
    let raw = UnsafeRawPointer(bytes)
    var offset = start
    while offset &+ 8 <= end {
      let word = UInt64(
        littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      // In each byte, the high bit is set if the byte is not a digit.
      let folded = word ^ 0x3030_3030_3030_3030
      let others = ((folded & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x7676_7676_7676_7676) | folded
      let digits = ~others & 0x8080_8080_8080_8080
      if digits != 0 { return offset &+ digits.trailingZeroBitCount >> 3 }
      offset &+= 8
    }
    while offset < end, !isDigit(bytes[offset]) { offset &+= 1 }
    return offset
  }

  /// Returns the number of two digits; negative if they are not digits.
  @inline(__always)
  static func pair(_ bytes: UnsafePointer<UInt8>) -> Int {
    let high = bytes[0] &- UInt8(ascii: "0")
    let low = bytes[1] &- UInt8(ascii: "0")
    return high < 10 && low < 10 ? Int(high) &* 10 &+ Int(low) : -1
  }

  /// Writes a number without leading zeros; returns its size in bytes, at most 20.
  @inline(__always)
  static func write(_ value: UInt64, to output: UnsafeMutablePointer<UInt8>) -> Int {
    let count = self.count(of: value)
    write(value, count: count, to: output)
    return count
  }

  /// Returns the number of digits of a number.
  @inline(__always)
  static func count(of value: UInt64) -> Int {
    if value < 10 { return 1 }
    if value < 100 { return 2 }
    if value < 1000 { return 3 }
    if value < 10_000 { return 4 }
    var count = 5
    var rest = value / 100_000
    while rest > 0 {
      rest /= 10
      count &+= 1
    }
    return count
  }

  /// Writes the lowest digits of a number.
  @inline(__always)
  static func write(_ value: UInt64, count: Int, to output: UnsafeMutablePointer<UInt8>) {
    var rest = value
    var place = count
    while place >= 2 {
      place &-= 2
      let next = rest / 100
      let pair = Int(truncatingIfNeeded: rest &- next &* 100)
      output[place] = pairs[2 &* pair]
      output[place &+ 1] = pairs[2 &* pair &+ 1]
      rest = next
    }
    if place > 0 { output[0] = UInt8(truncatingIfNeeded: rest % 10) &+ UInt8(ascii: "0") }
  }

  /// The digits of the numbers below 100.
  nonisolated(unsafe) private static let pairs: UnsafePointer<UInt8> = {
    let pairs = UnsafeMutablePointer<UInt8>.allocate(capacity: 200)
    for number in 0..<100 {
      pairs[2 * number] = UInt8(number / 10) + UInt8(ascii: "0")
      pairs[2 * number + 1] = UInt8(number % 10) + UInt8(ascii: "0")
    }
    return UnsafePointer(pairs)
  }()
}
