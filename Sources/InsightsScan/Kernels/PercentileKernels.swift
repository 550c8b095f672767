/// Percentiles, interpolated linearly between the closest ranks.
///
/// The rank is percentage / 100 · (count - 1).
package enum PercentileKernels {
  /// Returns the percentile of values, and reorders them; `nil` if there are none.
  package static func percentile(_ percentage: Double, of values: inout [Double]) -> Double? {
    guard percentage >= 0, percentage <= 100, !values.isEmpty else { return nil }
    return values.withUnsafeMutableBufferPointer { values in
      interpolated(
        percentage, count: values.count,
        lower: { rank in
          values.partition(aroundRank: rank)
          return values[rank]
        },
        upper: { rank in
          var upper = values[rank]
          for index in rank..<values.count where values[index] < upper { upper = values[index] }
          return upper
        })
    }
  }

  /// Returns the percentile of `count` values, at least one, given the values of the ranks around
  /// it; `upper` is called after `lower`, and only if it is needed.
  package static func interpolated(
    _ percentage: Double, count: Int, lower: (Int) -> Double, upper: (Int) -> Double
  ) -> Double {
    let rank = percentage / 100 * Double(count - 1)
    let lowerRank = min(Int(rank), count - 1)
    let fraction = rank - Double(lowerRank)
    let lower = lower(lowerRank)
    guard fraction > 0, lowerRank + 1 < count else { return lower }
    return lower + (upper(lowerRank + 1) - lower) * fraction
  }
}

extension UnsafeMutableBufferPointer<Double> {
  /// Moves the value of a rank to its place, with no greater ones before and no smaller ones after
  /// it.
  ///
  /// Hoare's selection: about 3 steps per value, where sorting takes log₂ of their number. After
  /// repeated bad pivots the rest is sorted.
  fileprivate func partition(aroundRank rank: Int) {
    var low = 0
    var high = count - 1
    var roundsLeft = 64
    while low < high {
      roundsLeft -= 1
      if roundsLeft == 0 {
        var rest = UnsafeMutableBufferPointer(rebasing: self[low...high])
        rest.sort()
        return
      }
      let pivot = medianOfThree(self[low], self[(low + high) / 2], self[high])
      var left = low
      var right = high
      while left <= right {
        while self[left] < pivot { left += 1 }
        while self[right] > pivot { right -= 1 }
        if left <= right {
          swapAt(left, right)
          left += 1
          right -= 1
        }
      }
      if rank <= right {
        high = right
      } else if rank >= left {
        low = left
      } else {
        return
      }
    }
  }

  private func medianOfThree(_ a: Double, _ b: Double, _ c: Double) -> Double {
    Swift.max(Swift.min(a, b), Swift.min(Swift.max(a, b), c))
  }
}
