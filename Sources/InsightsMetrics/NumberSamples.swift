internal import InsightsText

/// The numbers of one period, with exact statistics.
///
/// Integral thousandths, such as the milliseconds of REPORT lines, take four bytes each. If there
/// are many, equal ones are counted, so the memory depends on the number of distinct values.
struct NumberSamples {
  /// The number of samples above which equal ones are counted.
  private static let pendingLimit = 1 << 16

  /// Thousandths that are not counted yet.
  private var pending: [UInt32] = []
  /// Distinct thousandths, ascending, and the number of samples of each.
  private var distinct: [UInt32] = []
  private var counts: [UInt32] = []
  /// Numbers that are too large or too precise for that, and negative ones.
  private var others: [Double] = []
  /// The number of samples up to and including each of `distinct`; computed by `finish`.
  private var ranks: [Int] = []
  private(set) var count = 0

  mutating func add(_ number: Double) {
    count += 1
    let thousandths = (number * 1000).rounded()
    guard thousandths >= 0, thousandths <= Double(UInt32.max), thousandths / 1000 == number
    else { return others.append(number) }
    pending.append(UInt32(thousandths))
    // The cost of counting is proportional to the number of distinct values.
    if pending.count >= max(Self.pendingLimit, distinct.count / 2) { countPending() }
  }

  /// Adds the samples of another part, which must not be finished.
  mutating func add(_ other: NumberSamples) {
    count += other.count
    pending += other.pending
    others += other.others
    if !other.distinct.isEmpty { add(other.distinct) { other.counts[$0] } }
    if pending.count >= max(Self.pendingLimit, distinct.count / 2) { countPending() }
  }

  /// Prepares statistics; no samples may be added afterwards.
  mutating func finish() {
    if distinct.isEmpty, pending.count < Self.pendingLimit {
      pending.sortByRadix()
    } else {
      countPending()
      var rank = 0
      ranks = counts.map { count in
        rank += Int(count)
        return rank
      }
    }
    others.sort()
  }

  private mutating func countPending() {
    pending.sortByRadix()
    add(pending) { _ in 1 }
    pending.removeAll(keepingCapacity: true)
  }

  /// Merges ascending numbers into the distinct ones; `countOf` returns the number of each.
  private mutating func add(_ numbers: [UInt32], countOf: (Int) -> UInt32) {
    var values: [UInt32] = []
    var valueCounts: [UInt32] = []
    values.reserveCapacity(distinct.count + numbers.count / 2)
    valueCounts.reserveCapacity(distinct.count + numbers.count / 2)
    func add(_ value: UInt32, _ count: UInt32) {
      if values.last == value {
        valueCounts[valueCounts.count - 1] += count
      } else {
        values.append(value)
        valueCounts.append(count)
      }
    }
    var known = 0
    for (index, value) in numbers.enumerated() {
      while known < distinct.count, distinct[known] <= value {
        add(distinct[known], counts[known])
        known += 1
      }
      add(value, countOf(index))
    }
    for index in known..<distinct.count { add(distinct[index], counts[index]) }
    distinct = values
    counts = valueCounts
  }

  var sum: Double {
    let thousandths =
      pending.reduce(0) { $0 + Int($1) }
      + zip(distinct, counts).reduce(0) { $0 + Int($1.0) * Int($1.1) }
    return others.reduce(Double(thousandths) / 1000, +)
  }

  /// The sample at a rank in ascending order, from 0.
  subscript(rank: Int) -> Double {
    guard !others.isEmpty else { return storedNumber(at: rank) }
    // Binary search for the number of `others`, which are ascending, before the rank.
    var low = max(0, rank - (count - others.count))
    var high = min(rank, others.count)
    while low < high {
      let middle = (low + high) / 2
      if others[middle] < storedNumber(at: rank - middle - 1) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    let isLast = rank - low >= count - others.count
    if isLast { return others[low] }
    return low < others.count
      ? min(others[low], storedNumber(at: rank - low)) : storedNumber(at: rank - low)
  }

  /// Returns the sample at a rank among the integral thousandths.
  private func storedNumber(at rank: Int) -> Double {
    if ranks.isEmpty { return Double(pending[rank]) / 1000 }
    var low = 0
    var high = ranks.count - 1
    while low < high {
      let middle = (low + high) / 2
      if ranks[middle] > rank { high = middle } else { low = middle + 1 }
    }
    return Double(distinct[low]) / 1000
  }
}
