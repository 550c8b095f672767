extension [UInt32] {
  /// Sorts in ascending order in linear time, except for small arrays, which the library sorts
  /// faster.
  public mutating func sortByRadix() {
    guard count > 1024 else { return sort() }
    // Times are mostly sorted, except for a few that are late.
    let lateCount = self.lateCount
    if lateCount == 0 { return }
    guard lateCount > count / 8 else { return mergeLate(lateCount) }
    sortDigits()
  }

  /// The number of elements that come after a greater one.
  private var lateCount: Int {
    var greatest: UInt32 = 0
    var lateCount = 0
    for element in self {
      if element < greatest { lateCount &+= 1 } else { greatest = element }
    }
    return lateCount
  }

  /// Sorts the late elements separately, and merges them.
  private mutating func mergeLate(_ lateCount: Int) {
    var ordered: [UInt32] = []
    var late: [UInt32] = []
    ordered.reserveCapacity(count - lateCount)
    late.reserveCapacity(lateCount)
    var greatest: UInt32 = 0
    for element in self {
      if element < greatest {
        late.append(element)
      } else {
        greatest = element
        ordered.append(element)
      }
    }
    late.sortByRadix()
    self = ordered.mergedInOrder(with: late)
  }

  /// Merges two ascending arrays.
  public func mergedInOrder(with other: [UInt32]) -> [UInt32] {
    var merged: [UInt32] = []
    merged.reserveCapacity(count + other.count)
    var next = 0
    for element in other {
      while next < count, self[next] <= element {
        merged.append(self[next])
        next += 1
      }
      merged.append(element)
    }
    merged.append(contentsOf: self[next...])
    return merged
  }

  /// Sorts by digits of eleven bits, the lowest first.
  private mutating func sortDigits() {
    let digitCount = 1 << 11
    let mask = UInt32(digitCount - 1)
    // The number of occurrences of each digit at each of three places.
    var counts = [Int](repeating: 0, count: 3 * digitCount)
    for element in self {
      counts[Int(element & mask)] &+= 1
      counts[digitCount + Int(element >> 11 & mask)] &+= 1
      counts[2 * digitCount + Int(element >> 22)] &+= 1
    }
    var other = [UInt32](repeating: 0, count: count)
    for place in 0..<3 {
      var places = [Int](counts[place * digitCount..<(place + 1) * digitCount])
      // All elements have the same digit here.
      if places.contains(count) { continue }
      var next = 0
      for digit in places.indices {
        let occurrences = places[digit]
        places[digit] = next
        next += occurrences
      }
      let shift = UInt32(11 * place)
      for element in self {
        let digit = Int(element >> shift & mask)
        other[places[digit]] = element
        places[digit] &+= 1
      }
      swap(&self, &other)
    }
  }
}
