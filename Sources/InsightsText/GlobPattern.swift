/// The pattern of `parse "user=*, id=*"`: literal text with a `*` for each capture.
///
/// A `*` takes the shortest run of bytes, newlines included, up to the next literal; a `*` at the
/// end takes the rest. The match may begin anywhere, but a pattern that starts with `*` captures
/// from the beginning of the text.
///
///     GlobPattern("[*] *")  on  "at 9 [INFO] ready"  captures  "INFO", "ready"
public struct GlobPattern: Hashable, Sendable {
  /// The literals, concatenated, so that a match reads a single array.
  private let literalBytes: [UInt8]
  /// One range more than there are captures; empty between adjacent `*` and next to a `*` at either
  /// end.
  private let literalRanges: [Range<Int>]

  /// The number of `*` in the pattern.
  public var captureCount: Int { literalRanges.count - 1 }

  /// The literals around the captures; their number is one more than that of the captures.
  public var literals: [[UInt8]] { literalRanges.map { Array(literalBytes[$0]) } }

  /// Parses a pattern; every text is valid.
  public init(_ pattern: String) {
    var bytes: [UInt8] = []
    var ranges: [Range<Int>] = []
    var start = 0
    for byte in pattern.utf8 {
      if byte == UInt8(ascii: "*") {
        ranges.append(start..<bytes.count)
        start = bytes.count
      } else {
        bytes.append(byte)
      }
    }
    ranges.append(start..<bytes.count)
    literalBytes = bytes
    literalRanges = ranges
  }

  /// Finds the captures of the first match; returns false, and no captures, if there is no match.
  ///
  /// `captures` is emptied first. The cost is linear in text times literals: the leftmost position
  /// of each literal leaves the most text for the next one, so if that fails no other choice of
  /// positions succeeds.
  public func captures(
    in text: UnsafeBufferPointer<UInt8>, into captures: inout [Range<Int>]
  ) -> Bool {
    captures.removeAll(keepingCapacity: true)
    return literalBytes.withUnsafeBufferPointer { literals in
      var position = 0
      for index in literalRanges.indices {
        let literal = UnsafeBufferPointer(rebasing: literals[literalRanges[index]])
        let isFinalStar = index > 0 && index == captureCount && literal.isEmpty
        let place = isFinalStar ? text.count : text.firstOffset(of: literal, from: position)
        guard let place else {
          captures.removeAll(keepingCapacity: true)
          return false
        }
        if index > 0 { captures.append(position..<place) }
        position = place + literal.count
      }
      return true
    }
  }
}
