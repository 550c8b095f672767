/// The samples of a metric in a period, as far as statistics need them.
protocol Samples {
  var count: Int { get }
  var sum: Double { get }
  /// The sample at a rank in ascending order, from 0.
  subscript(rank: Int) -> Double { get }
}

extension NumberSamples: Samples {}

/// A few distinct values, ascending, with the count of each.
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

/// Samples multiplied by a non-negative factor, plus a constant.
struct ScaledSamples<Base: Samples>: Samples {
  let samples: Base
  let factor: Double
  let summand: Double

  var count: Int { samples.count }

  var sum: Double { samples.sum * factor + Double(count) * summand }

  subscript(rank: Int) -> Double { samples[rank] * factor + summand }
}
