/// Percentiles, interpolated linearly between the closest ranks.
///
/// The rank is percentage / 100 · (count - 1).
package enum PercentileKernels {
  /// Returns the percentile of values, and reorders them; `nil` if there are none.
  package static func percentile(_ percentage: Double, of values: inout [Double]) -> Double? {
    guard percentage >= 0, percentage <= 100, !values.isEmpty else { return nil }
    let rank = percentage / 100 * Double(values.count - 1)
    let lowerRank = min(Int(rank), values.count - 1)
    let fraction = rank - Double(lowerRank)
    return values.withUnsafeMutableBufferPointer { values in
      values.partition(aroundRank: lowerRank)
      let lower = values[lowerRank]
      guard fraction > 0, lowerRank + 1 < values.count else { return lower }
      var upper = values[lowerRank + 1]
      for index in lowerRank + 1..<values.count where values[index] < upper {
        upper = values[index]
      }
      return lower + (upper - lower) * fraction
    }
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
