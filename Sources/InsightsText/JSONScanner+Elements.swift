extension JSONScanner {
  /// Returns the part of an object or array that `key` names: a member, or the element at a decimal
  /// position.
  ///
  /// Keys are compared with escapes resolved; of several equal keys the first counts. `nil` if
  /// there is no such part, or the value is neither object nor array.
  public static func element(
    _ key: UnsafeBufferPointer<UInt8>, of value: Value, in bytes: UnsafeBufferPointer<UInt8>
  ) -> Value? {
    switch value.kind {
    case .object:
      var members = JSONMembers(of: bytes, objectAt: value.range.lowerBound)
      while let member = members.next() {
        if isEqual(member.key, in: bytes, to: key) { return member.value }
      }
      return nil
    case .array:
      guard var position = position(key) else { return nil }
      var elements = JSONElements(of: bytes, arrayAt: value.range.lowerBound)
      while let element = elements.next() {
        if position == 0 { return element }
        position -= 1
      }
      return nil
    default:
      return nil
    }
  }

  /// Appends a value without the white space between its tokens.
  ///
  /// The value must be valid JSON.
  public static func appendCompact(
    _ value: Value, of bytes: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]
  ) {
    var index = value.range.lowerBound
    var written = index
    var isInString = value.kind == .string
    while index < value.range.upperBound {
      switch bytes[index] {
      case UInt8(ascii: "\""): isInString.toggle()
      case UInt8(ascii: "\\"): index += 1
      case 0x20, 0x0A, 0x0D, 0x09:
        if !isInString {
          output.append(contentsOf: bytes[written..<index])
          written = index + 1
        }
      default: break
      }
      index += 1
    }
    output.append(contentsOf: bytes[written..<value.range.upperBound])
  }

  /// Appends a value with every `NaN`, `Infinity` and `-Infinity` replaced by `null`, so that the
  /// output is valid JSON.
  public static func appendStrict(
    _ value: Value, of bytes: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]
  ) {
    var index = value.range.lowerBound
    var written = index
    var isInString = value.kind == .string
    while index < value.range.upperBound {
      switch bytes[index] {
      case UInt8(ascii: "\""): isInString.toggle()
      case UInt8(ascii: "\\"): index += 1
      case UInt8(ascii: "N") where !isInString, UInt8(ascii: "I") where !isInString:
        // The sign of an infinity is replaced too.
        let hasSign = index > written && bytes[index - 1] == UInt8(ascii: "-")
        output.append(contentsOf: bytes[written..<(hasSign ? index - 1 : index)])
        output.append(contentsOf: "null".utf8)
        index += bytes[index] == UInt8(ascii: "N") ? 3 : 8
        written = index
        continue
      default: break
      }
      index += 1
    }
    output.append(contentsOf: bytes[written..<value.range.upperBound])
  }

  private static func isEqual(
    _ range: Range<Int>, in bytes: UnsafeBufferPointer<UInt8>, to key: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    let backslash = bytes.firstOffset(
      of: UInt8(ascii: "\\"), from: range.lowerBound, to: range.upperBound)
    guard backslash != nil else { return bytes.holds(key, in: range) }
    var unescaped: [UInt8] = []
    appendUnescaped(range, of: bytes, to: &unescaped)
    return unescaped.elementsEqual(key)
  }

  /// An array position in a path: no leading zeros, at most nine digits.
  private static func position(_ key: UnsafeBufferPointer<UInt8>) -> Int? {
    guard key.count > 0, key.count <= 9, key.count == 1 || key[0] != UInt8(ascii: "0") else {
      return nil
    }
    var position = 0
    for byte in key {
      guard byte.decimalDigit < 10 else { return nil }
      position = position * 10 + Int(byte.decimalDigit)
    }
    return position
  }
}
