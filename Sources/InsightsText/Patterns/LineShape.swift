/// A line with a mark in the place of everything that is bound to vary: times, addresses,
/// identifiers, numbers.
///
/// ```text
/// 2026-02-11T09:15:00Z [INFO] order 4711 took 12 ms   →   ① [INFO] order ④ took ④ ms
/// ```
///
/// Words are set apart by one byte: blank, tab or line break, whatever the white space was; inside
/// JSON also by `joint`, which has no width. Bytes below 0x09 that are none of these do not occur.
struct LineShape {
  /// A border between words where the line has no white space.
  static let joint: UInt8 = 0x07
  /// Stands for a control character.
  static let control: UInt8 = 0x08
  /// Words of a line that are told apart; the rest is one token.
  static let wordLimit = 512
  /// Bytes of a shape; the rest of the line is one token.
  static let byteLimit = 16_384
  /// Marks of a shape, give or take those of one word; the rest of the line is one token.
  static let slotLimit = 512
  /// Bytes of a run of letters and digits; a longer one is one token.
  private static let runLimit = 256

  /// A part of the line that a mark stands for.
  struct Slot {
    var kind: TokenKind
    var range: Range<Int>
  }

  private(set) var bytes: [UInt8] = []
  /// The parts of the last line, in order: one for each mark.
  private(set) var slots: [Slot] = []

  /// Whether a byte of a shape stands between words.
  @inline(__always)
  static func isBorder(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == joint
  }

  /// Whether a byte of a shape is a mark.
  @inline(__always)
  static func isMark(_ byte: UInt8) -> Bool { byte < joint }

  /// Reads a line; takes time in proportion to its length.
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

  /// Forgets what tells the line from others: all words but the first, or the whole line.
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

  /// Reads a run of letters, digits and what joins them; gives where it ends.
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
    if digitCount == 0 {
      if let timeEnd = TimeShape.endOfNamedDate(in: line, at: start) {
        mark(.time, start..<timeEnd)
        return timeEnd
      }
      if classes == ByteClass.hexLetter.rawValue, let address = colonAddress(in: line, at: start) {
        mark(address.kind, start..<address.end)
        return address.end
      }
      if end - start > Self.runLimit {
        mark(.text, start..<end)
      } else {
        append(line, start..<end)
      }
      return end
    }
    if ByteClass(line[start]) == .digit, let timeEnd = TimeShape.end(in: line, at: start) {
      mark(.time, start..<timeEnd)
      return timeEnd
    }
    if classes & ~(ByteClass.digit.rawValue | ByteClass.hexLetter.rawValue) == 0,
      let address = colonAddress(in: line, at: start)
    {
      mark(address.kind, start..<address.end)
      return address.end
    }
    // A full stop ends a sentence more often than a word.
    var core = end
    while core > start, line[core - 1] == UInt8(ascii: ".") || line[core - 1] == UInt8(ascii: "-") {
      core -= 1
    }
    if let addressEnd = endOfAddress(in: line, start..<core) {
      mark(.address, start..<addressEnd)
      return addressEnd
    }
    if isNumber(line, start..<core) {
      let numberEnd = core == end ? endOfSize(in: line, at: core) : core
      mark(.number, start..<numberEnd)
      if numberEnd == core { append(line, core..<end) }
      return max(end, numberEnd)
    }
    if isIdentifier(line, start..<core, classes: classes) || core - start > Self.runLimit {
      mark(core - start > Self.runLimit ? .text : .identifier, start..<core)
    } else {
      readMixedWord(of: line, start..<core)
    }
    append(line, core..<end)
    return end
  }

  private mutating func append(_ line: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
    bytes.append(contentsOf: UnsafeBufferPointer(rebasing: line[range]))
  }

  /// Reads a word piece by piece: pieces that are identifiers are marked, elsewhere the digits.
  private mutating func readMixedWord(of line: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
    var index = range.lowerBound
    var isPieceStart = true
    while index < range.upperBound {
      let byteClass = ByteClass(line[index])
      if byteClass == .joiner {
        bytes.append(line[index])
        index += 1
        isPieceStart = true
        continue
      }
      if isPieceStart {
        isPieceStart = false
        if isUUID(line, at: index), index + 36 <= range.upperBound {
          mark(.identifier, index..<index + 36)
          index += 36
          continue
        }
        var pieceEnd = index
        var classes: UInt8 = 0
        while pieceEnd < range.upperBound, ByteClass(line[pieceEnd]) != .joiner {
          classes |= ByteClass(line[pieceEnd]).rawValue
          pieceEnd += 1
        }
        if pieceEnd - index >= 8, classes == ByteClass.digit.rawValue | ByteClass.hexLetter.rawValue
        {
          mark(.identifier, index..<pieceEnd)
          index = pieceEnd
          continue
        }
      }
      guard byteClass == .digit else {
        bytes.append(line[index])
        index += 1
        continue
      }
      let start = index
      while index < range.upperBound, ByteClass(line[index]) == .digit { index += 1 }
      mark(.digits, start..<index)
    }
  }

  // MARK: Kinds of words

  /// Digits and dots behind an optional sign, then at most three letters or `%`.
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

  /// Behind a number: a blank and a unit of bytes, which change with the number's size.
  private func endOfSize(in line: UnsafeBufferPointer<UInt8>, at end: Int) -> Int {
    guard end < line.count, line[end] == UInt8(ascii: " ") else { return end }
    var index = end + 1
    if index < line.count, Self.sizePrefixes.contains(line[index]) { index += 1 }
    if index > end + 1, index < line.count, line[index] == UInt8(ascii: "i") { index += 1 }
    guard index < line.count, line[index] == UInt8(ascii: "B") else { return end }
    index += 1
    return index < line.count && ByteClass(line[index]).isWord ? end : index
  }

  private static let sizePrefixes = Set("kKMGTP".utf8)

  /// `a.b.c.d` with groups of at most three digits, and a port.
  private func endOfAddress(in line: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int? {
    guard range.count >= 7, range.count <= 15 else { return nil }
    var groupLength = 0
    var dotCount = 0
    for index in range {
      if ByteClass(line[index]) == .digit {
        groupLength += 1
        if groupLength > 3 { return nil }
      } else {
        guard line[index] == UInt8(ascii: "."), groupLength > 0 else { return nil }
        dotCount += 1
        groupLength = 0
      }
    }
    guard dotCount == 3, groupLength > 0 else { return nil }
    let end = range.upperBound
    guard end < line.count, line[end] == UInt8(ascii: ":") else { return end }
    var portEnd = end + 1
    while portEnd < line.count, ByteClass(line[portEnd]) == .digit { portEnd += 1 }
    let isPort =
      (1...5).contains(portEnd - end - 1)
      && !(portEnd < line.count && ByteClass(line[portEnd]).isWord)
    return isPort ? portEnd : end
  }

  /// Groups of hexadecimal digits with colons between them: a hardware or an IPv6 address.
  private func colonAddress(
    in line: UnsafeBufferPointer<UInt8>, at start: Int
  ) -> (kind: TokenKind, end: Int)? {
    var index = start
    var groupCount = 0
    var longestGroup = 0
    var hasGap = false
    while true {
      let groupStart = index
      while index < line.count, ByteClass(line[index]).isHexDigit, index - groupStart <= 4 {
        index += 1
      }
      guard index - groupStart <= 4 else { return nil }
      if index > groupStart {
        groupCount += 1
        longestGroup = max(longestGroup, index - groupStart)
      }
      guard groupCount <= 8 else { return nil }
      guard index < line.count, line[index] == UInt8(ascii: ":") else { break }
      if index + 1 < line.count, line[index + 1] == UInt8(ascii: ":") {
        guard !hasGap else { return nil }
        hasGap = true
        index += 2
      } else if index + 1 < line.count, ByteClass(line[index + 1]).isHexDigit {
        index += 1
      } else {
        break
      }
    }
    if index < line.count, ByteClass(line[index]).isWord, line[index] != UInt8(ascii: ".") {
      return nil
    }
    if groupCount == 6, !hasGap, longestGroup <= 2 { return (.identifier, index) }
    return groupCount == 8 || hasGap && groupCount >= 2 ? (.address, index) : nil
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
    // Digits and letters that take turns are nobody's word.
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
