extension Range<Int> {
  /// Returns the first index for which a predicate is true; it must be true for all later ones,
  /// too.
  @inlinable
  public func partitioningIndex(_ isBehind: (Int) -> Bool) -> Int {
    var low = lowerBound
    var high = upperBound
    while low < high {
      let middle = (low + high) / 2
      if isBehind(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
