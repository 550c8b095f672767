extension Range<Int> {
  /// The first index whose element is true, given that all behind it are.
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
