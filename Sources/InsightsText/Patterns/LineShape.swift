/// A line in which a mark replaces every part that tends to vary: times, addresses, identifiers,
/// numbers.
///
/// ```text
/// 2026-02-11T09:15:00Z [INFO] order 4711 took 12 ms   →   ① [INFO] order ④ took ④ ms
/// ```
///
/// Words are separated by one byte: space, tab or line break, however much white space there was;
/// inside JSON also by `joint`, which is invisible. Control characters all become `control`, so
/// that their bytes are free for marks.
struct LineShape {
  /// Separates words where the line has no white space.
  static let joint: UInt8 = 0x07
  /// Replaces a control character.
  static let control: UInt8 = 0x08
  /// The maximum number of words; the rest of the line is one token.
  static let wordLimit = 512
  /// The maximum number of bytes of a shape; the rest of the line is one token.
  static let byteLimit = 16_384
  /// The maximum number of marks of a shape, within the marks of one word; the rest of the line is
  /// one token.
  static let slotLimit = 512
  /// The maximum number of bytes of a run of letters and digits; a longer run is one token.
  private static let runLimit = 256

  /// The range of a line that a mark replaces.
  struct Slot {
    var kind: TokenKind
    var range: Range<Int>
  }

  private(set) var bytes: [UInt8] = []
  /// The ranges of the last line, in order, one for each mark.
  private(set) var slots: [Slot] = []

  /// Whether a byte of a shape separates words.
  @inline(__always)
  static func isBorder(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == joint
  }

  /// Whether a byte of a shape is a mark.
  @inline(__always)
  static func isMark(_ byte: UInt8) -> Bool { byte &- 0x0E < 0x12 }

  /// Reads a line; the cost is linear in its length.
  mutating func read(_ line: UnsafeBufferPointer<UInt8>) {
    bytes.removeAll(keepingCapacity: true)
    slots.removeAll(keepingCapacity: true)
    var wordCount = 1
    var isJSON = false
    var index = 0
    while index < line.count {
      let byte = line[index]
      let byteClass = ByteClass(byte)
      if wordCount > Self.wordLimit || bytes.count > Self.byteLimit
        || slots.count >= Self.slotLimit
      {
        mark(.text, index..<line.count)
        return
      }
      if byteClass.isWord {
        index = readRun(of: line, at: index)
      } else if byteClass == .space {
        var border = UInt8(ascii: " ")
        while index < line.count, ByteClass(line[index]) == .space {
          if line[index] == 0x0A {
            border = 0x0A
          } else if line[index] == 0x09, border != 0x0A {
            border = 0x09
          }
          index += 1
        }
        guard !bytes.isEmpty, index < line.count else { continue }
        bytes.append(border)
        wordCount += 1
      } else if byteClass == .control {
        bytes.append(Self.control)
        index += 1
      } else if byte == UInt8(ascii: "/"), let end = PathShape.endOfPath(in: line, at: index) {
        mark(.path, index..<end)
        index = end
      } else if let end = AmountShape.endOfBound(in: line, at: index) {
        mark(.number, index..<end)
        index = end
      } else {
        bytes.append(byte)
        index += 1
        guard index < line.count else { return }
        if byte == UInt8(ascii: "{"), line[index] == UInt8(ascii: "\"") { isJSON = true }
        if isJSON, byte == UInt8(ascii: ",") || byte == UInt8(ascii: ":"),
          ByteClass(line[index]) != .space
        {
          bytes.append(Self.joint)
          wordCount += 1
        }
      }
    }
  }

  /// Reduces the shape to its first word and a mark, or to a single mark.
  mutating func coarsen(keepingFirstWord: Bool, lineLength: Int) {
    guard keepingFirstWord, let end = bytes.firstIndex(where: Self.isBorder), let first = slots.last
    else {
      bytes.removeAll(keepingCapacity: true)
      slots.removeAll(keepingCapacity: true)
      mark(.text, 0..<lineLength)
      return
    }
    let keptCount = bytes[..<end].count(where: Self.isMark)
    slots.removeLast(slots.count - keptCount)
    bytes.removeLast(bytes.count - end)
    bytes.append(UInt8(ascii: " "))
    mark(.text, first.range)
  }

  @inline(__always)
  private mutating func mark(_ kind: TokenKind, _ range: Range<Int>) {
    bytes.append(kind.rawValue)
    slots.append(Slot(kind: kind, range: range))
  }

  /// Reads a run of letters, digits and joiners; returns its end.
  private mutating func readRun(of line: UnsafeBufferPointer<UInt8>, at start: Int) -> Int {
    var end = start
    var digitCount = 0
    var classes: UInt8 = 0
    while end < line.count {
      let byteClass = ByteClass(line[end])
      guard byteClass.isWord else { break }
      classes |= byteClass.rawValue
      if byteClass == .digit { digitCount += 1 }
      end += 1
    }
    if end < line.count, line[end] == UInt8(ascii: ":"),
      let resource = PathShape.resource(in: line, start..<end)
    {
      mark(resource.kind, start..<resource.end)
      return resource.end
    }
    if digitCount == 0 { return readWord(of: line, start..<end, classes: classes) }
    if ByteClass(line[start]) == .digit, let timeEnd = TimeShape.end(in: line, at: start) {
      mark(.time, start..<timeEnd)
      return timeEnd
    }
    if classes & ~Self.hexDigits == 0, let address = AddressShape.colonAddress(in: line, at: start)
    {
      mark(address.kind, start..<address.end)
      return address.end
    }
    // A trailing full stop usually ends a sentence.
    var core = end
    while core > start, line[core - 1] == UInt8(ascii: ".") || line[core - 1] == UInt8(ascii: "-") {
      core -= 1
    }
    if let addressEnd = AddressShape.endOfAddress(in: line, start..<core) {
      mark(.address, start..<addressEnd)
      return addressEnd
    }
    if isNumber(line, start..<core) {
      guard core == end else {
        mark(.number, start..<core)
        append(line, core..<end)
        return end
      }
      let amountEnd = AmountShape.endOfUnit(in: line, at: core) ?? core
      mark(.number, start..<amountEnd)
      if let bytes = AmountShape.endOfByteWord(in: line, at: amountEnd) {
        append(line, amountEnd..<bytes)
        // Empty if there is no note, so that lines with and without one have the same shape.
        let noteEnd = AmountShape.endOfNote(in: line, at: bytes) ?? bytes
        mark(.text, bytes..<noteEnd)
        return noteEnd
      }
      return amountEnd
    }
    if classes & ByteClass.joiner.rawValue != 0,
      let hostEnd = AddressShape.endOfHost(in: line, start..<core)
    {
      mark(.host, start..<hostEnd)
      append(line, core..<end)
      return max(end, hostEnd)
    }
    if isIdentifier(line, start..<core, classes: classes) || core - start > Self.runLimit {
      mark(core - start > Self.runLimit ? .text : .identifier, start..<core)
    } else {
      readMixedWord(of: line, start..<core)
    }
    append(line, core..<end)
    return end
  }

  private static let hexDigits = ByteClass.digit.rawValue | ByteClass.hexLetter.rawValue

  /// Reads a run without digits; returns its end.
  private mutating func readWord(
    of line: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, classes: UInt8
  ) -> Int {
    if let timeEnd = TimeShape.endOfNamedDate(in: line, at: range.lowerBound) {
      mark(.time, range.lowerBound..<timeEnd)
      return timeEnd
    }
    if classes == ByteClass.hexLetter.rawValue {
      if let address = AddressShape.colonAddress(in: line, at: range.lowerBound) {
        mark(address.kind, range.lowerBound..<address.end)
        return address.end
      }
      // A natural-language word is not that long with only these letters.
      if range.count >= 8 {
        mark(.identifier, range)
        return range.upperBound
      }
    }
    if classes & ByteClass.joiner.rawValue != 0,
      let hostEnd = AddressShape.endOfHost(in: line, range)
    {
      mark(.host, range.lowerBound..<hostEnd)
      return max(range.upperBound, hostEnd)
    }
    if range.count > Self.runLimit {
      mark(.text, range)
    } else {
      append(line, range)
    }
    return range.upperBound
  }

  private mutating func append(_ line: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
    bytes.append(contentsOf: UnsafeBufferPointer(rebasing: line[range]))
  }

  /// Reads a word part by part.
  ///
  /// Parts that are identifiers or numbers are marked, several consecutive numbers as one.
  /// Otherwise the digits are marked; they become constant text if they never vary: `eth0`,
  /// `us-east-1`.
  private mutating func readMixedWord(of line: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
    var index = range.lowerBound
    while index < range.upperBound {
      if ByteClass(line[index]) == .joiner, !startsNumber(line, index, in: range) {
        bytes.append(line[index])
        index += 1
      } else {
        index = readPiece(of: line, at: index, in: range)
      }
    }
  }

  /// Whether a minus sign belongs to the number after it: `blk_-17`.
  private func startsNumber(
    _ line: UnsafeBufferPointer<UInt8>, _ index: Int, in range: Range<Int>
  ) -> Bool {
    line[index] == UInt8(ascii: "-") && index > range.lowerBound
      && ByteClass(line[index - 1]) == .joiner && line[index - 1] != UInt8(ascii: "-")
      && endOfDigits(line, index + 1, in: range) != nil
  }

  /// Returns the end of a part that consists of digits.
  private func endOfDigits(
    _ line: UnsafeBufferPointer<UInt8>, _ start: Int, in range: Range<Int>
  ) -> Int? {
    var end = start
    while end < range.upperBound, ByteClass(line[end]) == .digit { end += 1 }
    guard end > start, end == range.upperBound || ByteClass(line[end]) == .joiner else {
      return nil
    }
    return end
  }

  private mutating func readPiece(
    of line: UnsafeBufferPointer<UInt8>, at start: Int, in range: Range<Int>
  ) -> Int {
    if start + 36 <= range.upperBound, isUUID(line, at: start) {
      mark(.identifier, start..<start + 36)
      return start + 36
    }
    let sign = ByteClass(line[start]) == .joiner ? 1 : 0
    if var end = endOfDigits(line, start + sign, in: range) {
      let isFirst = end
      while end < range.upperBound, let next = endOfDigits(line, end + 1, in: range) { end = next }
      let numbersName =
        end == isFirst && end - start <= 3 && start > range.lowerBound + 1
        && line[start - 1] != UInt8(ascii: ".")
        && ByteClass(line[start - 2]).rawValue
          & (ByteClass.letter.rawValue | ByteClass.hexLetter.rawValue) != 0
      mark(numbersName ? .digits : end == isFirst ? .number : .identifier, start..<end)
      return end
    }
    var end = start
    var classes: UInt8 = 0
    while end < range.upperBound, ByteClass(line[end]) != .joiner {
      classes |= ByteClass(line[end]).rawValue
      end += 1
    }
    if end - start >= 8, classes == Self.hexDigits {
      mark(.identifier, start..<end)
      return end
    }
    var index = start
    if isVersion(line, start, in: range) {
      bytes.append(line[start])
      mark(.number, start + 1..<range.upperBound)
      return range.upperBound
    }
    while index < end {
      let isDigit = ByteClass(line[index]) == .digit
      var partEnd = index
      while partEnd < end, (ByteClass(line[partEnd]) == .digit) == isDigit { partEnd += 1 }
      if isDigit { mark(.digits, index..<partEnd) } else { append(line, index..<partEnd) }
      index = partEnd
    }
    return end
  }

  /// Whether the rest of the word is a version such as `v1.2`.
  private func isVersion(
    _ line: UnsafeBufferPointer<UInt8>, _ start: Int, in range: Range<Int>
  ) -> Bool {
    guard line[start] | 0x20 == UInt8(ascii: "v") else { return false }
    var hasDot = false
    for index in start + 1..<range.upperBound {
      switch line[index] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): break
      case UInt8(ascii: ".") where index > start + 1: hasDot = true
      default: return false
      }
    }
    return hasDot
  }

  // MARK: Kinds of words

  /// Whether a range is a number: digits and dots after an optional sign, then at most three
  /// letters or `%`.
  private func isNumber(_ line: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
    var index = range.lowerBound
    if index < range.upperBound, line[index] == UInt8(ascii: "-") { index += 1 }
    guard index < range.upperBound, ByteClass(line[index]) == .digit else { return false }
    while index < range.upperBound,
      ByteClass(line[index]) == .digit || line[index] == UInt8(ascii: ".")
    {
      index += 1
    }
    guard range.upperBound - index <= 3 else { return false }
    while index < range.upperBound {
      let byteClass = ByteClass(line[index])
      guard byteClass == .hexLetter || byteClass == .letter || line[index] == UInt8(ascii: "%")
      else { return false }
      index += 1
    }
    return true
  }

  private func isIdentifier(
    _ line: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, classes: UInt8
  ) -> Bool {
    if range.count == 36, isUUID(line, at: range.lowerBound) { return true }
    if range.count > 2, line[range.lowerBound] == UInt8(ascii: "0"),
      line[range.lowerBound + 1] | 0x20 == UInt8(ascii: "x")
    {
      return range.dropFirst(2).allSatisfy { ByteClass(line[$0]).isHexDigit }
    }
    if range.count >= 6, classes == ByteClass.digit.rawValue | ByteClass.hexLetter.rawValue {
      return true
    }
    // Alternating digits and letters do not form a word.
    guard range.count >= 8 else { return false }
    var turns = 0
    for index in range.dropFirst() {
      let isDigit = ByteClass(line[index]) == .digit
      let wasDigit = ByteClass(line[index - 1]) == .digit
      if isDigit != wasDigit, ByteClass(line[index]) != .joiner,
        ByteClass(line[index - 1]) != .joiner
      {
        turns += 1
      }
    }
    return turns >= 4
  }

  private func isUUID(_ line: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
    guard start + 36 <= line.count, line[start + 8] == UInt8(ascii: "-"),
      line[start + 13] == UInt8(ascii: "-"), line[start + 18] == UInt8(ascii: "-"),
      line[start + 23] == UInt8(ascii: "-")
    else { return false }
    for offset in 0..<36 where offset != 8 && offset != 13 && offset != 18 && offset != 23 {
      guard ByteClass(line[start + offset]).isHexDigit else { return false }
    }
    return true
  }
}
