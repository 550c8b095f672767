/// The values that a token of a pattern was seen with.
///
/// Counted value by value while there are at most `limit` of them, else only as many. What it says
/// does not depend on the order in which the values came.
public struct TokenValues: Sendable {
  /// Most different values that are counted one by one.
  static let limit = 10
  /// Longer values are not kept.
  private static let byteLimit = 128
  /// Bytes that a value takes beside its own.
  private static let costOfValue = 64

  /// Each value with how often it was seen; empty once there are too many.
  public private(set) var counts: [(value: [UInt8], count: Int)] = []
  /// Whether there are more values than are counted.
  public private(set) var isOpen = false
  /// The values that are numbers.
  public private(set) var numbers = NumberSummary()

  /// Values that were not counted.
  static let open: TokenValues = {
    var values = TokenValues()
    values.isOpen = true
    return values
  }()

  /// Whether every value was the same.
  var isConstant: Bool { !isOpen && counts.count == 1 }

  /// Returns about how many bytes more are kept than before; without room only known values are
  /// counted.
  @inline(__always)
  mutating func add(
    _ value: UnsafeBufferPointer<UInt8>, isNumber: Bool, hasRoom: Bool
  ) -> Int {
    if isNumber, let number = Self.leadingNumber(of: value) { numbers.add(number) }
    return isOpen ? 0 : add(value, count: 1, hasRoom: hasRoom)
  }

  private mutating func add(_ value: UnsafeBufferPointer<UInt8>, count: Int, hasRoom: Bool) -> Int {
    guard !isOpen else { return 0 }
    for index in counts.indices where counts[index].value.elementsEqual(value) {
      counts[index].count += count
      return 0
    }
    guard hasRoom, counts.count < Self.limit, value.count <= Self.byteLimit else {
      let freed = counts.reduce(0) { $0 + $1.value.count + Self.costOfValue }
      isOpen = true
      counts = []
      return -freed
    }
    counts.append((Array(value), count))
    return value.count + Self.costOfValue
  }

  /// Takes in a value that was seen several times, and is no number.
  mutating func add(_ value: [UInt8], count: Int) {
    value.withUnsafeBufferPointer { _ = add($0, count: count, hasRoom: true) }
  }

  /// Takes in the values of another token.
  mutating func merge(_ other: TokenValues) {
    numbers.merge(other.numbers)
    if other.isOpen {
      isOpen = true
      counts = []
    }
    for (value, count) in other.counts { add(value, count: count) }
  }

  /// The values, the most frequent first.
  var sortedCounts: [(value: [UInt8], count: Int)] {
    counts.sorted {
      $0.count != $1.count ? $0.count > $1.count : $0.value.lexicographicallyPrecedes($1.value)
    }
  }

  /// The number that a text starts with: `12.5` of `12.5ms`.
  private static func leadingNumber(of text: UnsafeBufferPointer<UInt8>) -> Double? {
    var end = 0
    while end < text.count, end < 24,
      text[end].decimalDigit < 10 || text[end] == UInt8(ascii: ".")
        || end == 0 && text[end] == UInt8(ascii: "-")
    {
      end += 1
    }
    switch NumericText.number(UnsafeBufferPointer(rebasing: text[..<end])) {
    case .integer(let integer): return Double(integer)
    case .real(let real): return real
    case nil: return nil
    }
  }
}

/// Count, extremes and spread of numbers.
public struct NumberSummary: Sendable {
  public private(set) var count = 0
  public private(set) var minimum = Double.infinity
  public private(set) var maximum = -Double.infinity
  private var sum = 0.0
  private var sumOfSquares = 0.0

  mutating func add(_ number: Double) {
    count += 1
    minimum = min(minimum, number)
    maximum = max(maximum, number)
    sum += number
    sumOfSquares += number * number
  }

  mutating func merge(_ other: NumberSummary) {
    count += other.count
    minimum = min(minimum, other.minimum)
    maximum = max(maximum, other.maximum)
    sum += other.sum
    sumOfSquares += other.sumOfSquares
  }

  public var mean: Double { count == 0 ? 0 : sum / Double(count) }

  /// The standard deviation of the population.
  public var deviation: Double {
    guard count > 0 else { return 0 }
    return max(0, sumOfSquares / Double(count) - mean * mean).squareRoot()
  }
}
