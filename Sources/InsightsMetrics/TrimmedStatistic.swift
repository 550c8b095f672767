/// A statistic over a part of the samples, in CloudWatch's notation: `tm99`, `WM(10%:90%)`,
/// `TS(80:500)`, `PR(:300)`, `IQM`.
struct TrimmedStatistic: Hashable, Sendable {
  /// The aggregate of the part.
  enum Reduction: String, Hashable, Sendable {
    case mean = "tm"
    case count = "tc"
    case sum = "ts"
    /// The mean of all, with samples outside replaced by the nearest bound inside.
    case winsorizedMean = "wm"
    /// The percentage of samples in the part.
    case rank = "pr"
  }

  enum Bound: Hashable, Sendable {
    case percent(Double)
    case value(Double)
  }

  let reduction: Reduction
  /// Exclusive lower bound.
  let lower: Bound?
  /// Inclusive upper bound.
  let upper: Bound?

  /// Parses a name in lower case.
  init?(_ name: String) {
    if name == "iqm" {
      (reduction, lower, upper) = (.mean, .percent(25), .percent(75))
      return
    }
    guard let reduction = Reduction(rawValue: String(name.prefix(2))) else { return nil }
    self.reduction = reduction
    let rest = name.dropFirst(2)
    guard rest.hasPrefix("("), rest.hasSuffix(")") else {
      guard reduction != .rank, let percent = Double(rest), (0...100).contains(percent) else {
        return nil
      }
      (lower, upper) = (nil, .percent(percent))
      return
    }
    let bounds = rest.dropFirst().dropLast().split(
      separator: ":", omittingEmptySubsequences: false)
    guard bounds.count == 2, bounds.contains(where: { !$0.isEmpty }) else { return nil }
    var read: [Bound?] = []
    for text in bounds {
      guard !text.isEmpty else {
        read.append(nil)
        continue
      }
      let isPercent = text.hasSuffix("%")
      guard let number = Double(isPercent ? text.dropLast() : text) else { return nil }
      read.append(isPercent ? .percent(number) : .value(number))
    }
    (lower, upper) = (read[0], read[1])
  }

  /// Returns the value for samples, which must not be empty.
  func value(of samples: some Samples) -> Double? {
    let count = samples.count
    let first = sampleCount(upTo: lower, in: samples, isUpper: false)
    let end = max(sampleCount(upTo: upper, in: samples, isUpper: true), first)
    let sum = (first..<end).reduce(0) { $0 + samples[$1] }
    let kept = end - first
    switch reduction {
    case .count: return Double(kept)
    case .rank: return Double(kept) / Double(count) * 100
    case .sum: return kept > 0 ? sum : nil
    case .mean: return kept > 0 ? sum / Double(kept) : nil
    case .winsorizedMean:
      guard kept > 0 else { return nil }
      let below = samples[first] * Double(first)
      let above = samples[end - 1] * Double(count - end)
      return (below + sum + above) / Double(count)
    }
  }

  /// Returns the number of samples up to a bound.
  private func sampleCount(upTo bound: Bound?, in samples: some Samples, isUpper: Bool) -> Int {
    let count = samples.count
    switch bound {
    case nil: return isUpper ? count : 0
    case .percent(let percent):
      let share = Double(count) * min(max(percent, 0), 100) / 100
      // A sample divided by a bound counts as inside.
      return Int(share.rounded(isUpper ? .up : .down))
    case .value(let value):
      var (low, high) = (0, count)
      while low < high {
        let middle = (low + high) / 2
        if samples[middle] <= value { low = middle + 1 } else { high = middle }
      }
      return low
    }
  }
}
