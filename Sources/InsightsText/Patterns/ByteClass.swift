/// The class of a byte in a line's shape.
///
/// The raw values are bits, so that the classes of a run can be combined.
enum ByteClass: UInt8 {
  case digit = 1
  /// The letters a–f, in either case.
  case hexLetter = 2
  /// Other letters, and every byte beyond ASCII.
  case letter = 4
  /// A byte that joins parts of a word: `- . _ ~ % \`.
  case joiner = 8
  case space = 16
  case control = 32
  case punctuation = 64

  @inline(__always)
  init(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self = .digit
    case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"):
      self = .hexLetter
    case UInt8(ascii: "g")...UInt8(ascii: "z"), UInt8(ascii: "G")...UInt8(ascii: "Z"), 0x80...:
      self = .letter
    case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"),
      UInt8(ascii: "%"), UInt8(ascii: "\\"):
      self = .joiner
    case 0x09...0x0D, 0x20: self = .space
    case 0x00...0x1F, 0x7F: self = .control
    default: self = .punctuation
    }
  }

  @inline(__always)
  var isWord: Bool { rawValue <= ByteClass.joiner.rawValue }

  @inline(__always)
  var isHexDigit: Bool { rawValue <= ByteClass.hexLetter.rawValue }

  @inline(__always)
  var isAlphanumeric: Bool { rawValue <= ByteClass.letter.rawValue }
}
