internal import InsightsSegments
internal import InsightsModel
internal import InsightsText
internal import InsightsThreads

/// One aggregate for every group, over part of the rows; parts can be merged.
final class AggregateColumn {
  enum Kind {
    case rowCount, count, distinctCount, sum, mean, minimum, maximum, naturalMinimum
    case naturalMaximum, percentile
  }

  /// All aggregates that a scan supports.
  static let kinds: [FunctionID: Kind] = [
    .rowCount: .rowCount, .valueCount: .count, .distinctCount: .distinctCount, .sum: .sum,
    .mean: .mean, .minimum: .minimum, .maximum: .maximum, .naturalMinimum: .naturalMinimum,
    .naturalMaximum: .naturalMaximum, .percentile: .percentile,
  ]

  private let kind: Kind
  private var counts: [Int64] = []
  private var sums: [NumberSum] = []
  private var samples: [[Double]] = []
  private var sampleCount = 0
  private var extremes: [Cell] = []
  private var keys: [[UInt8]] = []
  /// The input position of each value in `extremes`; of equal values the first counts.
  private var places: [Int64] = []
  private let arena = TextArena()
  private let distinctValues = ValueIndex()
  private let distinctPairs = TupleIndex(width: 2)
  /// Distinct UUIDs of the only group; they are stored nowhere else.
  private let uuids = UUIDSet()

  init(_ kind: Kind) {
    self.kind = kind
  }

  /// The approximate memory in bytes.
  var byteCount: Int {
    // An array of samples or of a key has a header of 32 bytes and spare capacity.
    let arrays = (samples.capacity + keys.capacity) * 40
    let numbers = counts.capacity * 8 + sums.capacity * MemoryLayout<NumberSum>.stride
    let cells = extremes.capacity * MemoryLayout<Cell>.stride + places.capacity * 8
    let texts = arena.byteCount * (keys.isEmpty ? 1 : 2)
    let distinct = distinctValues.byteCount + distinctPairs.byteCount + uuids.byteCount
    return arrays + sampleCount * 12 + numbers + cells + texts + distinct
  }

  /// Reserves memory for a number of groups.
  func reserve(_ groupCount: Int) {
    switch kind {
    case .rowCount, .count, .distinctCount: grow(&counts, to: groupCount, with: 0)
    case .sum, .mean: grow(&sums, to: groupCount, with: NumberSum())
    case .percentile: grow(&samples, to: groupCount, with: [])
    case .minimum, .maximum: grow(&extremes, to: groupCount, with: .null)
    case .naturalMinimum, .naturalMaximum:
      grow(&extremes, to: groupCount, with: .null)
      grow(&keys, to: groupCount, with: [])
      grow(&places, to: groupCount, with: .max)
    }
  }

  private func grow<Element>(_ array: inout [Element], to count: Int, with element: Element) {
    guard array.count < count else { return }
    array.append(contentsOf: repeatElement(element, count: count - array.count))
  }

  /// Adds rows: the value at an index belongs to the group at that index.
  ///
  /// `place` is the position of these rows among all that are added.
  func add(_ values: CellVector, groups: [UInt32], place: Int64) {
    let count = groups.count
    switch kind {
    case .rowCount, .count:
      // A local copy, since each access to a property of an object checks exclusivity.
      var counts: [Int64] = []
      swap(&counts, &self.counts)
      if kind == .rowCount {
        for group in groups { counts[Int(group)] &+= 1 }
      } else {
        values.forEach(count: count) { index, cell in
          if !cell.isNull { counts[Int(groups[index])] &+= 1 }
        }
      }
      swap(&counts, &self.counts)
    case .distinctCount: addDistinct(values, groups: groups)
    case .sum, .mean:
      var sums: [NumberSum] = []
      swap(&sums, &self.sums)
      values.forEach(count: count) { index, cell in
        if let number = cell.number { sums[Int(groups[index])].add(number) }
      }
      swap(&sums, &self.sums)
    case .percentile: addSamples(values, groups: groups)
    case .minimum, .maximum:
      values.forEach(count: count) { index, cell in extend(Int(groups[index]), by: cell) }
    case .naturalMinimum, .naturalMaximum:
      // Most numbers are not a new extreme, so check that before changing anything.
      let sign = kind == .naturalMinimum ? -1 : 1
      var group = UInt32.max
      var best: NumericText.Number?
      values.forEach(count: count) { index, cell in
        if groups[index] != group {
          group = groups[index]
          best = extremes[Int(group)].storedNumber
        }
        if let best, let number = cell.storedNumber, number.compare(with: best) == -sign { return }
        extendNaturally(Int(group), by: cell, at: place)
        best = extremes[Int(group)].storedNumber
      }
    }
  }

  /// Adds rows to a group that only counts them or sums the sizes of their messages.
  func add(rowCount: Int, messageByteCount: Int, to group: Int) {
    switch kind {
    case .sum: sums[group].add(.integer(Int64(messageByteCount)))
    default: counts[group] &+= Int64(rowCount)
    }
  }

  private func addSamples(_ values: CellVector, groups: [UInt32]) {
    // Consecutive rows mostly belong to the same group, whose sample is kept here meanwhile.
    var sample: [Double] = []
    var current: Int?
    var addedCount = 0
    values.forEach(count: groups.count) { index, cell in
      guard let number = cell.number?.real else { return }
      let group = Int(groups[index])
      if group != current {
        if let current { swap(&sample, &samples[current]) }
        swap(&sample, &samples[group])
        current = group
      }
      sample.append(number)
      addedCount += 1
    }
    if let current { swap(&sample, &samples[current]) }
    sampleCount += addedCount
  }

  private func addDistinct(_ values: CellVector, groups: [UInt32]) {
    let numbers = distinctValues.numbers(of: values, count: groups.count)
    let columns = [groups, numbers]
    let none = UInt32(truncatingIfNeeded: distinctValues.number(of: .null))
    for row in groups.indices where numbers[row] != none {
      if row > 0, numbers[row] == numbers[row - 1], groups[row] == groups[row - 1] { continue }
      addPair(of: columns, at: row)
    }
  }

  var countsDistinct: Bool { kind == .distinctCount }

  var countsRows: Bool { kind == .rowCount }

  /// Whether the aggregate needs only the numbers of values, or whether they are missing.
  var needsNumbers: Bool {
    switch kind {
    case .count, .sum, .mean, .percentile: true
    case .rowCount, .distinctCount, .minimum, .maximum, .naturalMinimum, .naturalMaximum: false
    }
  }

  /// Adds entries of a column of request ids to the first group.
  func add(_ ids: RequestIDColumn, _ entries: [Int]) {
    let uuidCount =
      entries.count == ids.entryCount
      ? ids.uuids.count : entries.prefix { $0 < ids.uuids.count }.count
    uuids.insert(
      contentsOf: uuidCount == ids.uuids.count
        ? ids.uuids : entries[..<uuidCount].map { ids.uuids[$0] })
    ids.texts.bytes.withUnsafeBufferPointer { bytes in
      let texts = entries[uuidCount...].map { entry in
        Cell(UnsafeBufferPointer(rebasing: bytes[ids.texts.range(of: entry - ids.uuids.count)]))
      }
      reserve(1)
      if texts.isEmpty { return }
      addDistinct(.cells(texts), groups: Array(repeating: 0, count: texts.count))
    }
  }

  private func addPair(of columns: [[UInt32]], at row: Int) {
    let pairCount = distinctPairs.count
    if distinctPairs.number(of: columns, at: row) == pairCount {
      counts[Int(columns[0][row])] &+= 1
    }
  }

  private func extend(_ group: Int, by cell: Cell) {
    guard !cell.isNull else { return }
    let best = extremes[group]
    if !best.isNull {
      let order = Cell.order(cell, best)
      guard kind == .minimum ? order < 0 : order > 0 else { return }
    }
    extremes[group] = arena.copy(of: cell)
  }

  private func extendNaturally(_ group: Int, by cell: Cell, at place: Int64) {
    guard !cell.isNull else { return }
    let best = extremes[group]
    if !best.isNull {
      let sign = kind == .naturalMinimum ? -1 : 1
      var key: [UInt8] = []
      let order = ComparisonKernels.sortOrder(
        of: cell, key: &key, beside: best, key: &keys[group])
      guard order == sign || order == 0 && place < places[group] else { return }
      keys[group] = key
    }
    extremes[group] = arena.copy(of: cell)
    places[group] = place
  }

  /// Merges the groups of another part; `groups` are their numbers here.
  func merge(
    _ other: AggregateColumn, groups: [UInt32], _ cancellation: Cancellation
  ) throws(ScanFailure) {
    switch kind {
    case .rowCount, .count:
      for (group, count) in zip(groups, other.counts) { counts[Int(group)] &+= count }
    case .sum, .mean:
      for (group, sum) in zip(groups, other.sums) { sums[Int(group)].add(sum) }
    case .percentile:
      try cancellation.forEach(below: groups.count) {
        samples[Int(groups[$0])].append(contentsOf: other.samples[$0])
        sampleCount += other.samples[$0].count
      }
    case .minimum, .maximum:
      try cancellation.forEach(below: groups.count) {
        extend(Int(groups[$0]), by: other.extremes[$0])
      }
    case .naturalMinimum, .naturalMaximum:
      try cancellation.forEach(below: groups.count) {
        extendNaturally(Int(groups[$0]), by: other.extremes[$0], at: other.places[$0])
      }
    case .distinctCount:
      uuids.formUnion(other.uuids)
      let numbers = try distinctValues.numbers(of: other.distinctValues.values, cancellation)
      try cancellation.forEach(below: other.distinctPairs.count) { pair in
        let columns = [
          [groups[other.distinctPairs.element(0, of: pair)]],
          [numbers[other.distinctPairs.element(1, of: pair)]],
        ]
        addPair(of: columns, at: 0)
      }
    }
  }

  private func distinctCount(of group: Int) -> Cell {
    let count = counts[group] + Int64(uuids.count)
    return count == 0 ? .null : Cell(count)
  }

  /// Returns the result of a group; `percentage` is that of a percentile.
  func result(of group: Int, percentage: Double) -> Cell {
    switch kind {
    case .rowCount: Cell(counts[group])
    // CloudWatch omits the count if no row has the field.
    case .count: counts[group] == 0 ? .null : Cell(counts[group])
    case .distinctCount: distinctCount(of: group)
    case .sum: sums[group].total
    case .mean: sums[group].mean
    case .percentile:
      PercentileKernels.percentile(percentage, of: &samples[group]).map { Cell($0) } ?? .null
    case .minimum, .maximum, .naturalMinimum, .naturalMaximum: extremes[group]
    }
  }
}
