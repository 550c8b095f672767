/// The samples of a metric in a period, as far as statistics ask for them.
protocol Samples {
  var count: Int { get }
  var sum: Double { get }
  /// The sample with so many before it in ascending order.
  subscript(rank: Int) -> Double { get }
}

extension NumberSamples: Samples {}

/// Few distinct values, ascending, and how often each occurs.
struct CountedSamples: Samples {
  private let values: [(value: Double, count: Int)]

  init(_ values: [(value: Double, count: Int)]) {
    self.values = values
  }

  var count: Int { values.reduce(0) { $0 + $1.count } }

  var sum: Double { values.reduce(0) { $0 + $1.value * Double($1.count) } }

  subscript(rank: Int) -> Double {
    var rest = rank
    for (value, count) in values {
      if rest < count { return value }
      rest -= count
    }
    return values.last?.value ?? 0
  }
}

/// Samples times a factor that is not negative, and plus a number.
struct ScaledSamples<Base: Samples>: Samples {
  let samples: Base
  let factor: Double
  let summand: Double

  var count: Int { samples.count }

  var sum: Double { samples.sum * factor + Double(count) * summand }

  subscript(rank: Int) -> Double { samples[rank] * factor + summand }
}
