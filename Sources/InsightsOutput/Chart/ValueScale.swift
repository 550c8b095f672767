internal import Glibc
internal import InsightsText

/// The value axis: round numbers that enclose all values and 0.
struct ValueScale {
  let lower: Double
  let upper: Double
  /// From `lower` to `upper`, evenly spaced.
  let ticks: [Double]

  /// Builds an axis of at most `intervalCount` equal intervals; of exactly that many if all values
  /// are on one side of 0.
  init(of values: [Double], intervalCount: Int) {
    let bounded = values.map { Self.bounded($0) }
    let low = min(0, bounded.min() ?? 0)
    let high = max(0, bounded.max() ?? 0)
    guard low < high else {
      (lower, upper, ticks) = (0, 1, [0, 1])
      return
    }
    var count = max(1, intervalCount)
    var step = Self.roundStep(atLeast: (high - low) / Double(count))
    var first = (low / step).rounded(.down)
    // Both ends are rounded outwards, which may need one interval too many.
    while first + Double(count) < high / step {
      step = Self.roundStep(atLeast: step * 1.01)
      first = (low / step).rounded(.down)
    }
    while count > 1, first + Double(count - 1) >= high / step { count -= 1 }
    ticks = (0...count).map { (first + Double($0)) * step }
    lower = ticks[0]
    upper = ticks[count]
  }

  /// Maps a value to the axis: 0 at the lower end, 1 at the upper.
  func fraction(of value: Double) -> Double {
    min(1, max(0, (Self.bounded(value) - lower) / (upper - lower)))
  }

  /// The label of a number: `250`, `12.5k`, `3M`.
  static func label(_ value: Double) -> String {
    let units: [(size: Double, suffix: String)] = [
      (1e15, ""), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e4, "k"),
    ]
    guard let unit = units.first(where: { value.magnitude >= $0.size }) else {
      return text(of: value, fractionDigits: value.magnitude < 0.01 ? 12 : 4)
    }
    if unit.suffix.isEmpty { return String(value) }
    let size = unit.suffix == "k" ? 1000 : unit.size
    return text(of: value / size, fractionDigits: 3) + unit.suffix
  }

  private static func text(of value: Double, fractionDigits: Int) -> String {
    var bytes: [UInt8] = []
    NumericText.appendRounded(value, fractionDigits: fractionDigits, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The least round number at or above `step`.
  private static func roundStep(atLeast step: Double) -> Double {
    let power = pow(10, floor(log10(step)))
    let factors = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8]
    return (factors.first { $0 * power >= step } ?? 10) * power
  }

  /// Limits a value, so that differences stay finite and quotients do not underflow.
  private static func bounded(_ value: Double) -> Double {
    value.magnitude < 1e-200 ? 0 : min(1e300, max(-1e300, value))
  }
}

extension ValueScale {
  /// Returns how many cells a value of 1 takes if `count` cells span the range from low to high.
  static func cells(_ count: Int, over low: Double, _ high: Double) -> Double {
    let span = bounded(high) - bounded(low)
    return span > 0 ? Double(count) / span : 0
  }

  /// Maps values to their position between two others: 0 at `low`, 1 at `high`.
  static func fractions(from low: Double, to high: Double) -> (Double) -> Double {
    let span = bounded(high) - bounded(low)
    return { span > 0 ? min(1, max(0, (bounded($0) - bounded(low)) / span)) : 0 }
  }
}
