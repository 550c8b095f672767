/// A position in JSON text that advances by one token or value at a time.
///
/// A step that fails leaves `index` at the error.
struct JSONCursor {
  let bytes: UnsafeBufferPointer<UInt8>
  var index: Int

  var current: UInt8? { index < bytes.count ? bytes[index] : nil }

  mutating func skipWhitespace() {
    while index < bytes.count {
      switch bytes[index] {
      case 0x20, 0x0A, 0x0D, 0x09: index += 1
      default: return
      }
    }
  }

  /// Advances past `byte` if it is next.
  mutating func skip(_ byte: UInt8) -> Bool {
    guard current == byte else { return false }
    index += 1
    return true
  }

  /// Validates the value that begins here and advances past it; `depth` is the number of enclosing
  /// containers.
  mutating func value(depth: Int) -> JSONScanner.Value? {
    let start = index
    switch current {
    case UInt8(ascii: "\""):
      return string().map { JSONScanner.Value(kind: .string, range: $0) }
    case UInt8(ascii: "{"):
      guard container(depth: depth, isObject: true) else { return nil }
      return JSONScanner.Value(kind: .object, range: start..<index)
    case UInt8(ascii: "["):
      guard container(depth: depth, isObject: false) else { return nil }
      return JSONScanner.Value(kind: .array, range: start..<index)
    default: return scalar().map { JSONScanner.Value(kind: $0, range: start..<index) }
    }
  }

  /// Advances past a number, `true`, `false` or `null`.
  ///
  /// `NaN`, `Infinity` and `-Infinity`, which are not JSON but which many programs write, are read
  /// as null, so that only the value is lost and not the text around it.
  mutating func scalar() -> JSONScanner.Value.Kind? {
    switch current {
    case UInt8(ascii: "t"): skip("true") ? .true : nil
    case UInt8(ascii: "f"): skip("false") ? .false : nil
    case UInt8(ascii: "n"): skip("null") ? .null : nil
    case UInt8(ascii: "N"): skip("NaN") ? .null : nil
    case UInt8(ascii: "I"): skip("Infinity") ? .null : nil
    case UInt8(ascii: "-") where skip("-Infinity"): .null
    default: number() ? .number : nil
    }
  }

  /// Advances past a string; returns the range between its quotes.
  mutating func string() -> Range<Int>? {
    guard skip(UInt8(ascii: "\"")) else { return nil }
    let start = index
    guard restOfString() else { return nil }
    index += 1
    return start..<index - 1
  }

  /// Advances past the rest of a string, including its closing quote.
  mutating func restOfString() -> Bool {
    while true {
      index = plainEnd(from: index)
      guard index < bytes.count else { return false }
      switch bytes[index] {
      case UInt8(ascii: "\""): return true
      case UInt8(ascii: "\\"):
        guard escape() else { return false }
      case 0..<0x20:
        return false
      default:
        index += 1
      }
    }
  }

  /// Returns the end of the run of bytes that need no escape, or up to seven bytes before it.
  private func plainEnd(from start: Int) -> Int {
    let raw = UnsafeRawBufferPointer(bytes)
    let ones: UInt64 = 0x0101_0101_0101_0101
    let high: UInt64 = 0x8080_8080_8080_8080
    var index = start
    while index <= raw.count &- 8 {
      let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      let quotes = word ^ (ones &* 0x22)
      let backslashes = word ^ (ones &* 0x5C)
      // Subtraction borrows into the high bit of a byte that is zero, or below 0x20.
      let found =
        ((quotes &- ones) & ~quotes | (backslashes &- ones) & ~backslashes
          | (word &- ones &* 0x20) & ~word) & high
      if found != 0 { return index &+ found.trailingZeroBitCount / 8 }
      index &+= 8
    }
    return index
  }

  /// Advances past a member's key and colon; returns the range of the key between its quotes.
  mutating func key() -> Range<Int>? {
    guard let key = string() else { return nil }
    skipWhitespace()
    guard skip(UInt8(ascii: ":")) else { return nil }
    skipWhitespace()
    return key
  }

  private mutating func escape() -> Bool {
    guard index + 1 < bytes.count else {
      index = bytes.count
      return false
    }
    switch bytes[index + 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      index += 2
      return true
    case UInt8(ascii: "u"):
      guard index + 6 <= bytes.count else { return false }
      for digit in index + 2..<index + 6 where bytes[digit].hexDigitValue == nil { return false }
      index += 6
      return true
    default:
      return false
    }
  }

  private mutating func container(depth: Int, isObject: Bool) -> Bool {
    guard depth < JSONScanner.depthLimit else { return false }
    let close = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
    index += 1
    skipWhitespace()
    if skip(close) { return true }
    while true {
      if isObject, key() == nil { return false }
      guard value(depth: depth + 1) != nil else { return false }
      skipWhitespace()
      if skip(close) { return true }
      guard skip(UInt8(ascii: ",")) else { return false }
      skipWhitespace()
    }
  }

  private mutating func skip(_ text: StaticString) -> Bool {
    guard bytes.holds(text, at: index) else { return false }
    index += text.utf8CodeUnitCount
    return true
  }

  private mutating func number() -> Bool {
    _ = skip(UInt8(ascii: "-"))
    if skip(UInt8(ascii: "0")) {
      // RFC 8259: no digit may follow a leading zero. Such a digit fails later, as it is not a
      // separator.
    } else if !digits() {
      return false
    }
    if skip(UInt8(ascii: ".")), !digits() { return false }
    if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
      index += 1
      if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { index += 1 }
      return digits()
    }
    return true
  }

  private mutating func digits() -> Bool {
    let start = index
    while index < bytes.count, bytes[index] &- UInt8(ascii: "0") < 10 { index += 1 }
    return index > start
  }
}
