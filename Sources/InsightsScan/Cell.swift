package import InsightsText

/// A value during a scan: 16 bytes, text by reference.
///
/// The bytes of a text belong to the segment's columns or to a `TextArena`; a cell must not outlive
/// them.
package struct Cell: BitwiseCopyable {
  /// `wide` is an integer beyond 64 bits, as its digits.
  package enum Kind: UInt8, BitwiseCopyable { case null, integer, real, text, wide }

  private let bits: UInt64
  private let length: UInt32
  package let kind: Kind

  private init(bits: UInt64, length: UInt32 = 0, kind: Kind) {
    self.bits = bits
    self.length = length
    self.kind = kind
  }

  package static let null = Cell(bits: 0, kind: .null)

  init(_ integer: Int64) { self.init(bits: UInt64(bitPattern: integer), kind: .integer) }

  init(_ truth: Bool) { self.init(bits: truth ? 1 : 0, kind: .integer) }

  /// A real number; NULL for NaN, as in SQLite.
  package init(_ real: Double) {
    self = real.isNaN ? .null : Cell(bits: real.bitPattern, kind: .real)
  }

  init(_ text: UnsafeBufferPointer<UInt8>) {
    let address = text.baseAddress.map { UInt(bitPattern: $0) } ?? 0
    self.init(bits: UInt64(address), length: UInt32(truncatingIfNeeded: text.count), kind: .text)
  }

  /// An integer beyond 64 bits, as its digits.
  init(wide digits: UnsafeBufferPointer<UInt8>) {
    let text = Cell(digits)
    self.init(bits: text.bits, length: text.length, kind: .wide)
  }

  /// The number in a JSON text; one that is not exactly representable keeps its digits.
  package init(numberWritten text: UnsafeBufferPointer<UInt8>) {
    switch NumericText.number(text) {
    case .integer(let integer)?: self.init(integer)
    case .real(let real)?:
      if real.magnitude >= NumericText.wideMagnitude, NumericText.isWide(text) {
        self.init(wide: text)
      } else {
        self.init(real)
      }
    case nil: self.init(text)
    }
  }

  init(_ number: NumericText.Number) {
    switch number {
    case .integer(let integer): self.init(integer)
    case .real(let real): self.init(real)
    }
  }

  package var isNull: Bool { kind == .null }

  /// The integer; only for kind `.integer`.
  package var integer: Int64 { Int64(bitPattern: bits) }

  /// The number; only for kind `.real`.
  package var real: Double { Double(bitPattern: bits) }

  /// Whether it refers to bytes.
  var hasBytes: Bool { kind == .text || kind == .wide }

  /// The bytes that it refers to; only if `hasBytes`.
  package var text: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: UnsafePointer(bitPattern: UInt(bits)), count: Int(length))
  }

  /// The number if it is stored as one.
  package var storedNumber: NumericText.Number? {
    switch kind {
    case .integer: .integer(integer)
    case .real: .real(real)
    case .null, .text, .wide: nil
    }
  }

  /// The integer if it is stored as one.
  var storedInteger: Int64? { kind == .integer ? integer : nil }

  /// The number for the language: a number, or text that is only a number.
  package var number: NumericText.Number? {
    hasBytes ? NumericText.number(text) : storedNumber
  }

  /// Whether SQL treats it as true in a condition.
  var isTrue: Bool {
    switch kind {
    case .integer: integer != 0
    case .real: real != 0
    case .null, .text, .wide: false
    }
  }

  /// SQLite's order: NULL, numbers by value, text by bytes, integers beyond 64 bits by bytes.
  static func order(_ left: Cell, _ right: Cell) -> Int {
    if left.kind == .integer, right.kind == .integer {
      return left.integer < right.integer ? -1 : left.integer == right.integer ? 0 : 1
    }
    if let a = left.storedNumber, let b = right.storedNumber { return a.compare(with: b) }
    if left.kind == right.kind, left.hasBytes {
      return left.text.compareBytes(with: right.text).signum()
    }
    return left.rank < right.rank ? -1 : left.rank == right.rank ? 0 : 1
  }

  private var rank: Int {
    switch kind {
    case .null: 0
    case .integer, .real: 1
    case .text: 2
    case .wide: 3
    }
  }

  /// The value for `GROUP BY`: an integral real number becomes the equal integer.
  var normalized: Cell {
    guard kind == .real, let integer = Int64(exactly: real) else { return self }
    return Cell(integer)
  }

  /// Whether two normalized cells belong to the same group.
  static func isSame(_ left: Cell, _ right: Cell) -> Bool {
    guard left.kind == right.kind, left.length == right.length else { return false }
    if !left.hasBytes { return left.bits == right.bits }
    return left.bits == right.bits || left.text.holds(right.text, in: 0..<left.text.count)
  }

  /// The hash of a normalized cell.
  var hash: UInt64 {
    guard hasBytes else { return Cell.mix(bits ^ UInt64(kind.rawValue) << 61) }
    let text = self.text
    var hash = UInt64(length) &* 0x9E37_79B9_7F4A_7C15
    guard let start = text.baseAddress else { return Cell.mix(hash) }
    let bytes = UnsafeRawPointer(start)
    var position = 0
    while position + 8 <= text.count {
      hash = Cell.mix(hash ^ bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
      position += 8
    }
    var rest: UInt64 = 0
    while position < text.count {
      rest = rest << 8 | UInt64(text[position])
      position += 1
    }
    return Cell.mix(hash ^ rest)
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    let (high, low) = (value ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(
      by: 0xE703_7ED1_A0B4_28DB)
    return high ^ low
  }
}
