/// The values of a token of a pattern.
///
/// They are counted individually while there are at most `limit` of them; beyond that only the fact
/// is recorded. The result does not depend on the order of the values.
public struct TokenValues: Sendable {
  /// The maximum number of different values that are counted individually.
  static let limit = 10
  /// Longer values are not kept.
  private static let byteLimit = 128
  /// The memory of a value in addition to its bytes.
  private static let costOfValue = 64

  /// Each value with its count; empty once there are too many.
  public private(set) var counts: [(value: [UInt8], count: Int)] = []
  /// Whether there were too many values to count.
  public private(set) var isOpen = false
  /// Statistics of the values that are numbers.
  public private(set) var numbers = NumberSummary()

  /// The values of a token that are not counted.
  static let open: TokenValues = {
    var values = TokenValues()
    values.isOpen = true
    return values
  }()

  /// Whether every value was the same.
  var isConstant: Bool { !isOpen && counts.count == 1 }

  /// Counts a value; returns the approximate growth in bytes.
  ///
  /// Without room only known values are counted.
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

  /// Counts a non-numeric value that occurred `count` times.
  mutating func add(_ value: [UInt8], count: Int) {
    value.withUnsafeBufferPointer { _ = add($0, count: count, hasRoom: true) }
  }

  /// Adds the values of another token.
  mutating func merge(_ other: TokenValues) {
    numbers.merge(other.numbers)
    if other.isOpen {
      isOpen = true
      counts = []
    }
    for (value, count) in other.counts { add(value, count: count) }
  }

  /// The values, most frequent first.
  var sortedCounts: [(value: [UInt8], count: Int)] {
    counts.sorted {
      $0.count != $1.count ? $0.count > $1.count : $0.value.lexicographicallyPrecedes($1.value)
    }
  }

  /// The number at the start of a text: `12.5` in `12.5ms`.
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

/// Count, extremes, mean and standard deviation of numbers.
public struct NumberSummary: Sendable {
  /// The number of numbers.
  public private(set) var count = 0
  /// The least number; infinity if there are none.
  public private(set) var minimum = Double.infinity
  /// The greatest number; minus infinity if there are none.
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

  /// The mean of the numbers; 0 if there are none.
  public var mean: Double { count == 0 ? 0 : sum / Double(count) }

  /// The standard deviation of the population.
  public var deviation: Double {
    guard count > 0 else { return 0 }
    return max(0, sumOfSquares / Double(count) - mean * mean).squareRoot()
  }
}
