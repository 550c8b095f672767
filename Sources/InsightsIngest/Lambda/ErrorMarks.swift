internal import InsightsText

/// Features of a message that occur in errors: a fast check that avoids parsing most messages.
struct ErrorMarks: OptionSet {
  var rawValue: UInt16

  /// There is more than one line.
  static let lineEnd = ErrorMarks(rawValue: 1)
  static let parenthesis = ErrorMarks(rawValue: 2)
  static let apostrophe = ErrorMarks(rawValue: 4)
  static let capitalE = ErrorMarks(rawValue: 8)
  static let capitalH = ErrorMarks(rawValue: 16)
  static let capitalL = ErrorMarks(rawValue: 32)
  /// The first byte is the initial of `Fatal`, `fatal` or `panic`.
  static let head = ErrorMarks(rawValue: 64)
  static let object = ErrorMarks(rawValue: 128)
  /// The first byte is the initial of `Handler`, `Unable`, `Syntax` or `module`.
  static let initHead = ErrorMarks(rawValue: 256)
  /// The message begins like Python's `[ERROR] Runtime.…`.
  static let bracketHead = ErrorMarks(rawValue: 512)

  /// The first byte may begin a path: a slash or a dot.
  static let path = ErrorMarks(rawValue: 1024)

  /// The first byte is a brace or an equals sign.
  static let termHead = ErrorMarks(rawValue: 2048)

  /// The first byte is the initial of a message that the C library writes before it aborts.
  static let lastWords = ErrorMarks(rawValue: 4096)

  /// Bytes that may occur anywhere, with the mark for each.
  private static let lineEndByte: UInt8 = 0x0A
  private static let parenthesisByte = UInt8(ascii: "(")
  private static let apostropheByte = UInt8(ascii: "'")
  private static let capitalEByte = UInt8(ascii: "E")
  private static let capitalHByte = UInt8(ascii: "H")
  private static let capitalLByte = UInt8(ascii: "L")

  init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  init(_ message: EventMessage) {
    self = []
    var end = message.bytes.count
    while end > 0, message.bytes[end - 1] == ErrorMarks.lineEndByte { end -= 1 }
    let raw = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(message.bytes)[..<end])
    if raw.count >= 16 {
      var found = Found()
      var index = 0
      while index < raw.count - 16 {
        found.look(raw.loadUnaligned(fromByteOffset: index, as: SIMD16<UInt8>.self))
        index += 16
      }
      found.look(raw.loadUnaligned(fromByteOffset: raw.count - 16, as: SIMD16<UInt8>.self))
      self = found.marks
    } else {
      for byte in raw { formUnion(ErrorMarks(byte)) }
    }
    switch raw.first {
    case UInt8(ascii: "F"), UInt8(ascii: "f"): insert([.head, .lastWords])
    case UInt8(ascii: "p"): insert(.head)
    case UInt8(ascii: "m"): insert([.initHead, .lastWords])
    case UInt8(ascii: "H"), UInt8(ascii: "U"), UInt8(ascii: "S"): insert(.initHead)
    case UInt8(ascii: "/"), UInt8(ascii: "."): insert(.path)
    case UInt8(ascii: "{"), UInt8(ascii: "="): insert(.termHead)
    case UInt8(ascii: "t"), UInt8(ascii: "l"), UInt8(ascii: "d"), UInt8(ascii: "c"),
      UInt8(ascii: "r"), UInt8(ascii: "*"):
      insert(.lastWords)
    case UInt8(ascii: "["):
      if message.bytes.holds("[ERROR] R", at: 0) { insert(.bracketHead) }
    default: break
    }
    if message.jsonOffset != nil { insert(.object) }
  }

  private init(_ byte: UInt8) {
    switch byte {
    case ErrorMarks.lineEndByte: self = .lineEnd
    case ErrorMarks.parenthesisByte: self = .parenthesis
    case ErrorMarks.apostropheByte: self = .apostrophe
    case ErrorMarks.capitalEByte: self = .capitalE
    case ErrorMarks.capitalHByte: self = .capitalH
    case ErrorMarks.capitalLByte: self = .capitalL
    default: self = []
    }
  }

  /// The bytes found so far, in sixteen lanes each.
  private struct Found {
    private typealias Lanes = SIMD16<UInt8>

    private var lineEnds = SIMDMask<SIMD16<Int8>>(repeating: false)
    private var parentheses = SIMDMask<SIMD16<Int8>>(repeating: false)
    private var apostrophes = SIMDMask<SIMD16<Int8>>(repeating: false)
    private var capitalsE = SIMDMask<SIMD16<Int8>>(repeating: false)
    private var capitalsH = SIMDMask<SIMD16<Int8>>(repeating: false)
    private var capitalsL = SIMDMask<SIMD16<Int8>>(repeating: false)

    @inline(__always)
    mutating func look(_ bytes: SIMD16<UInt8>) {
      lineEnds .|= bytes .== Lanes(repeating: ErrorMarks.lineEndByte)
      parentheses .|= bytes .== Lanes(repeating: ErrorMarks.parenthesisByte)
      apostrophes .|= bytes .== Lanes(repeating: ErrorMarks.apostropheByte)
      capitalsE .|= bytes .== Lanes(repeating: ErrorMarks.capitalEByte)
      capitalsH .|= bytes .== Lanes(repeating: ErrorMarks.capitalHByte)
      capitalsL .|= bytes .== Lanes(repeating: ErrorMarks.capitalLByte)
    }

    var marks: ErrorMarks {
      var marks: ErrorMarks = []
      if any(lineEnds) { marks.insert(.lineEnd) }
      if any(parentheses) { marks.insert(.parenthesis) }
      if any(apostrophes) { marks.insert(.apostrophe) }
      if any(capitalsE) { marks.insert(.capitalE) }
      if any(capitalsH) { marks.insert(.capitalH) }
      if any(capitalsL) { marks.insert(.capitalL) }
      return marks
    }
  }
}
