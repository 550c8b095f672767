/// Iterates over the `key=value` pairs of a logfmt line.
///
/// A value may be in double quotes, in which a backslash escapes the next character. A key without
/// `=` has no value. Anything else is skipped; every text is valid.
public struct LogfmtScanner {
  /// A key and its value.
  ///
  /// The range of a quoted value excludes the quotes; escapes are as written.
  public struct Pair {
    /// The bytes of the key.
    public var key: Range<Int>
    /// The bytes of the value; `nil` if there is no `=`.
    public var value: Range<Int>?
    /// Whether the value is in double quotes.
    public var isQuoted: Bool
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  private var index = 0

  /// Iterates over the pairs of `bytes`, which must outlive the scanner.
  public init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
  }

  /// Returns the next pair; `nil` at the end.
  public mutating func next() -> Pair? {
    while index < bytes.count {
      while index < bytes.count, bytes[index] <= 0x20 { index += 1 }
      let start = index
      while index < bytes.count, isKeyByte(bytes[index]) { index += 1 }
      let key = start..<index
      guard !key.isEmpty else {
        index += 1
        continue
      }
      guard index < bytes.count, bytes[index] == UInt8(ascii: "=") else {
        return Pair(key: key, value: nil, isQuoted: false)
      }
      index += 1
      if index < bytes.count, bytes[index] == UInt8(ascii: "\""), let end = endOfQuotes() {
        let value = index + 1..<end
        index = end + 1
        return Pair(key: key, value: value, isQuoted: true)
      }
      let valueStart = index
      while index < bytes.count, bytes[index] > 0x20 { index += 1 }
      return Pair(key: key, value: valueStart..<index, isQuoted: false)
    }
    return nil
  }

  /// Appends a quoted value with its escapes resolved.
  public static func appendUnescaped(
    _ range: Range<Int>, of bytes: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]
  ) {
    var index = range.lowerBound
    while index < range.upperBound {
      var byte = bytes[index]
      if byte == UInt8(ascii: "\\"), index + 1 < range.upperBound {
        index += 1
        byte = bytes[index]
        switch byte {
        case UInt8(ascii: "n"): byte = UInt8(ascii: "\n")
        case UInt8(ascii: "t"): byte = UInt8(ascii: "\t")
        case UInt8(ascii: "r"): byte = UInt8(ascii: "\r")
        default: break
        }
      }
      output.append(byte)
      index += 1
    }
  }

  private func isKeyByte(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte != UInt8(ascii: "=") && byte != UInt8(ascii: "\"")
  }

  /// Returns the offset of the quote that closes the one at `index`; `nil` if there is none.
  private func endOfQuotes() -> Int? {
    var end = index + 1
    while end < bytes.count {
      if bytes[end] == UInt8(ascii: "\\") {
        end += 1
      } else if bytes[end] == UInt8(ascii: "\"") {
        return end
      }
      end += 1
    }
    return nil
  }
}
