internal import InsightsText

/// Makes UTF-8 with plain line ends of what Windows tools write, piece by piece.
///
/// UTF-16 is recognised by its byte order mark; line ends are changed where the first line of the
/// text ends in CR LF, so that a lone CR inside a message stays.
struct TextNormalizer {
  private enum Encoding { case utf8, utf16LittleEndian, utf16BigEndian }

  private var encoding: Encoding?
  private var hasWindowsLineEnds: Bool?
  private var hasSeenNUL = false
  /// The byte of a code unit that was cut.
  private var pendingByte: UInt8?
  private var highSurrogate: UInt16?
  /// A CR at the end of a piece, of which nobody knows yet whether LF follows.
  private var pendingCR = false
  /// What was repaired, in words; each once.
  private(set) var repairs: [String] = []
  private var byteCount = 0

  /// Appends a piece of input to `text`.
  ///
  /// An empty piece is the end of the input.
  mutating func append(_ piece: UnsafeBufferPointer<UInt8>, to text: inout [UInt8]) {
    let start = text.count
    let encoding = encoding ?? detectEncoding(of: piece)
    self.encoding = encoding
    if encoding == .utf8 {
      let hasMark = byteCount == 0 && piece.starts(with: [0xEF, 0xBB, 0xBF])
      text.append(contentsOf: piece.dropFirst(hasMark ? 3 : 0))
    } else {
      appendUTF16(piece, isBigEndian: encoding == .utf16BigEndian, to: &text)
    }
    byteCount += piece.count
    if encoding == .utf8 { removeInnerMarks(from: start, in: &text) }
    normalizeLineEnds(from: start, isEnd: piece.isEmpty, in: &text)
    if !hasSeenNUL, text.withUnsafeBufferPointer({ $0.firstOffset(of: 0, from: start) }) != nil {
      hasSeenNUL = true
      repairs.append("NUL bytes inside the text are kept")
    }
  }

  /// Takes out the byte order marks that stand where `cat` has joined two files.
  private mutating func removeInnerMarks(from start: Int, in text: inout [UInt8]) {
    let hasMark = text.withUnsafeBufferPointer { text in
      // A mark's first byte is rare, and found much sooner than three bytes.
      guard let first = text.firstOffset(of: 0xEF, from: start) else { return false }
      return text.firstOffset(of: "\u{FEFF}", from: first) != nil
    }
    guard hasMark else { return }
    var output = start
    var index = start
    while index < text.count {
      let isMark =
        text[index] == 0xEF && index + 2 < text.count && text[index + 1] == 0xBB
        && text[index + 2] == 0xBF
      if isMark, output > 0,
        [0x0A, UInt8(ascii: "}"), UInt8(ascii: "]")].contains(text[output - 1])
      {
        index += 3
      } else {
        text[output] = text[index]
        output += 1
        index += 1
      }
    }
    guard output < text.count else { return }
    text.removeSubrange(output...)
    let repair = "byte order marks between joined files are left out"
    if !repairs.contains(repair) { repairs.append(repair) }
  }

  private mutating func detectEncoding(of head: UnsafeBufferPointer<UInt8>) -> Encoding {
    if head.starts(with: [0xEF, 0xBB, 0xBF]) {
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

  private mutating func appendUTF16(
    _ piece: UnsafeBufferPointer<UInt8>, isBigEndian: Bool, to text: inout [UInt8]
  ) {
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

  private mutating func normalizeLineEnds(from start: Int, isEnd: Bool, in text: inout [UInt8]) {
    if hasWindowsLineEnds == nil {
      let lineEnd = text.withUnsafeBufferPointer { $0.firstOffset(of: 0x0A, from: start) }
      guard let lineEnd else { return }
      hasWindowsLineEnds = lineEnd > start && text[lineEnd - 1] == 0x0D
      if hasWindowsLineEnds == true { repairs.append("Windows line ends are read as plain ones") }
    }
    guard hasWindowsLineEnds == true else { return }
    var output = start
    if pendingCR {
      pendingCR = false
      if start == text.count || text[start] != 0x0A {
        text.insert(0x0D, at: start)
        output += 1
      }
    }
    var index = output
    while index < text.count {
      if text[index] == 0x0D {
        if index + 1 == text.count, !isEnd {
          pendingCR = true
          break
        }
        if index + 1 < text.count, text[index + 1] == 0x0A {
          index += 1
          continue
        }
      }
      text[output] = text[index]
      output += 1
      index += 1
    }
    text.removeSubrange(output...)
  }
}
