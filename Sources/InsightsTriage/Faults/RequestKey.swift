internal import InsightsStore

/// Identifies a request by 128 bits of its id, to save memory.
struct RequestKey: Hashable, Sendable {
  private let high: UInt64
  private let low: UInt64

  /// Marks a request whose id the logs do not contain.
  static let unknown = RequestKey(high: 0, low: 0)

  private init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  init(_ id: RequestID?) {
    (high, low) = id?.bits ?? (0, 0)
  }

  init(_ id: String) {
    self.init(RequestID(id))
  }

  var isKnown: Bool { self != .unknown }

  /// Returns 64 bits that are practically unique to a request and number.
  func mixed(with number: Int32) -> UInt64 {
    var mixed = high ^ (low &* 0x9E37_79B9_7F4A_7C15) &+ UInt64(truncatingIfNeeded: number)
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// Numbers distinct values from 0.
struct Interner<Value: Hashable & Sendable>: Sendable {
  private(set) var values: [Value] = []
  private var numbers: [Value: Int32] = [:]

  mutating func number(of value: Value) -> Int32 {
    if let number = numbers[value] { return number }
    let number = Int32(values.count)
    values.append(value)
    numbers[value] = number
    return number
  }

  subscript(_ number: Int32) -> Value { values[Int(number)] }
}
