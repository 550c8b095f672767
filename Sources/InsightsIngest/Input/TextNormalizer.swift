internal import InsightsText

/// Converts text to UTF-8 with LF line ends, piece by piece.
///
/// UTF-16 is recognised by its byte order mark. Line ends are converted only if the first line ends
/// with CR LF, so that a lone CR inside a message is kept. A piece is read into its final place and
/// repaired in place: most pieces need only a check.
struct TextNormalizer {
  private enum Encoding { case utf8, utf16LittleEndian, utf16BigEndian }

  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  private var encoding: Encoding?
  private var hasWindowsLineEnds: Bool?
  private var hasSeenNUL = false
  /// The first byte of a code unit that was split between pieces.
  private var pendingByte: UInt8?
  private var highSurrogate: UInt16?
  /// Whether the previous piece ended with a CR, which LF may follow.
  private var pendingCR = false
  /// Descriptions of the repairs; each once.
  private(set) var repairs: [String] = []
  private var byteCount = 0

  /// Returns room after `text` for a piece of input of up to `capacity` bytes, to be filled and
  /// then added.
  func room(
    for capacity: Int, behind text: inout TextWindow
  ) -> UnsafeMutableBufferPointer<UInt8> {
    // A pending CR precedes it.
    UnsafeMutableBufferPointer(
      rebasing: text.room(for: heldByteCount + capacity)[
        heldByteCount..<heldByteCount + capacity])
  }

  /// Adds a piece of input to `text`: the first `count` bytes of its room.
  ///
  /// A `count` of 0 is the end of the input.
  mutating func add(_ count: Int, to text: inout TextWindow) {
    let held = heldByteCount
    var room = text.room(for: held + count)
    var piece = UnsafeMutableBufferPointer(rebasing: room[held..<held + count])
    let encoding = encoding ?? detectEncoding(of: UnsafeBufferPointer(piece))
    self.encoding = encoding
    if encoding == .utf8 {
      if byteCount == 0, piece.starts(with: Self.mark) {
        piece.moveBytes(Self.mark.count..<count, to: 0)
        piece = UnsafeMutableBufferPointer(rebasing: piece[..<(count - Self.mark.count)])
      }
      piece = removeInnerMarks(from: piece, after: text.bytes.last)
    } else {
      let decoded = utf8(ofUTF16: piece, isBigEndian: encoding == .utf16BigEndian)
      room = text.room(for: held + decoded.count)
      _ = room[held...].update(fromContentsOf: decoded)
      piece = UnsafeMutableBufferPointer(rebasing: room[held..<held + decoded.count])
    }
    byteCount += count
    if pendingCR { room[0] = 0x0D }
    pendingCR = false
    piece = UnsafeMutableBufferPointer(rebasing: room[..<(held + piece.count)])
    piece = normalizeLineEnds(of: piece, isEnd: count == 0)
    if !hasSeenNUL, UnsafeBufferPointer(piece).firstOffset(of: 0) != nil {
      hasSeenNUL = true
      repairs.append("NUL bytes inside the text are kept")
    }
    text.add(piece.count)
  }

  private var heldByteCount: Int { pendingCR ? 1 : 0 }

  /// Removes byte order marks inside the text, where files were concatenated; `last` is the byte
  /// before the piece.
  private mutating func removeInnerMarks(
    from piece: UnsafeMutableBufferPointer<UInt8>, after last: UInt8?
  ) -> UnsafeMutableBufferPointer<UInt8> {
    let bytes = UnsafeBufferPointer(piece)
    // The first byte of a mark is rare, and found faster than the three bytes.
    guard let first = bytes.firstOffset(of: Self.mark[0]),
      bytes.firstOffset(of: "\u{FEFF}", from: first) != nil
    else { return piece }
    var output = 0
    var index = 0
    while index < piece.count {
      let isMark = bytes.holds("\u{FEFF}", at: index)
      if isMark, let before = output > 0 ? piece[output - 1] : last,
        [0x0A, UInt8(ascii: "}"), UInt8(ascii: "]")].contains(before)
      {
        index += 3
      } else {
        piece[output] = piece[index]
        output += 1
        index += 1
      }
    }
    guard output < piece.count else { return piece }
    let repair = "byte order marks between joined files are left out"
    if !repairs.contains(repair) { repairs.append(repair) }
    return UnsafeMutableBufferPointer(rebasing: piece[..<output])
  }

  private mutating func detectEncoding(of head: UnsafeBufferPointer<UInt8>) -> Encoding {
    if head.starts(with: Self.mark) {
      repairs.append("a UTF-8 byte order mark is left out")
    } else if head.starts(with: [0xFF, 0xFE]) {
      repairs.append("UTF-16 text is read as UTF-8")
      return .utf16LittleEndian
    } else if head.starts(with: [0xFE, 0xFF]) {
      repairs.append("UTF-16 text is read as UTF-8")
      return .utf16BigEndian
    }
    return .utf8
  }

  private mutating func utf8(
    ofUTF16 piece: UnsafeMutableBufferPointer<UInt8>, isBigEndian: Bool
  ) -> [UInt8] {
    var text: [UInt8] = []
    for byte in piece {
      guard let first = pendingByte else {
        pendingByte = byte
        continue
      }
      pendingByte = nil
      let unit =
        isBigEndian ? UInt16(first) << 8 | UInt16(byte) : UInt16(byte) << 8 | UInt16(first)
      append(unit, to: &text)
    }
    return text
  }

  private mutating func append(_ unit: UInt16, to text: inout [UInt8]) {
    if let high = highSurrogate {
      highSurrogate = nil
      if unit & 0xFC00 == 0xDC00 {
        let value = 0x10000 + (UInt32(high) & 0x3FF) << 10 + UInt32(unit) & 0x3FF
        append(Unicode.Scalar(value), to: &text)
        return
      }
      append(nil, to: &text)
    }
    if unit & 0xFC00 == 0xD800 {
      highSurrogate = unit
    } else if unit != 0xFEFF {
      append(Unicode.Scalar(unit), to: &text)
    }
  }

  private func append(_ scalar: Unicode.Scalar?, to text: inout [UInt8]) {
    text.append(contentsOf: UTF8.encode(scalar ?? "\u{FFFD}") ?? UTF8.encodedReplacementCharacter)
  }

  private mutating func normalizeLineEnds(
    of piece: UnsafeMutableBufferPointer<UInt8>, isEnd: Bool
  ) -> UnsafeMutableBufferPointer<UInt8> {
    let bytes = UnsafeBufferPointer(piece)
    if hasWindowsLineEnds == nil {
      guard let lineEnd = bytes.firstOffset(of: 0x0A) else { return piece }
      hasWindowsLineEnds = lineEnd > 0 && bytes[lineEnd - 1] == 0x0D
      if hasWindowsLineEnds == true { repairs.append("Windows line ends are read as plain ones") }
    }
    guard hasWindowsLineEnds == true else { return piece }
    var output = 0
    // The start of the bytes that are kept but not moved yet.
    var start = 0
    var index = 0
    while let offset = bytes.firstOffset(of: 0x0D, from: index) {
      index = offset + 1
      let isLast = index == bytes.count
      if isLast ? isEnd : bytes[index] != 0x0A { continue }
      pendingCR = isLast
      piece.moveBytes(start..<offset, to: output)
      output += offset - start
      start = index
    }
    piece.moveBytes(start..<bytes.count, to: output)
    return UnsafeMutableBufferPointer(rebasing: piece[..<(output + bytes.count - start)])
  }
}
