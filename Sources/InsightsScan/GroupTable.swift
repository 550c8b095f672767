internal import InsightsSegments
package import InsightsModel
internal import InsightsThreads

/// Groups of rows with their aggregates, over part of the rows; parts can be merged.
package final class GroupTable {
  private let keys: KeyTuples
  private let aggregates: [ScanRequest.Aggregate]
  private var columns: [AggregateColumn] = []
  /// For each column, the aggregate that it was made for, and for each aggregate its column:
  /// percentiles of the same values share one.
  private var owners: [Int] = []
  private var places: [Int] = []
  private var hasRows = false

  package init(keyCount: Int, aggregates: [ScanRequest.Aggregate]) {
    keys = KeyTuples(keyCount: keyCount)
    self.aggregates = aggregates
    for (index, aggregate) in aggregates.enumerated() {
      let shared = owners.firstIndex { owner in
        aggregate.function == .percentile && aggregates[owner].function == .percentile
          && aggregates[owner].argument == aggregate.argument
      }
      places.append(shared ?? columns.count)
      if shared == nil {
        owners.append(index)
        columns.append(AggregateColumn(AggregateColumn.kinds[aggregate.function] ?? .rowCount))
      }
    }
  }

  /// The number of groups; without keys there is one as soon as there is a row.
  private var groupCount: Int { hasRows ? keys.count : 0 }

  /// The approximate memory in bytes.
  var byteCount: Int {
    keys.byteCount + columns.reduce(0) { $0 + $1.byteCount }
  }

  /// Adds rows, given the keys and the arguments of the aggregates.
  ///
  /// `place` is their position among all rows.
  func add(keys vectors: [CellVector], values: [CellVector], count: Int, place: Int64) {
    guard count > 0 else { return }
    hasRows = true
    if columns.allSatisfy(\.countsRows), keys.keyCount == 1,
      addCounts(of: vectors[0], count: count)
    {
      return
    }
    let groups = keys.numbers(of: vectors, count: count)
    for (column, owner) in zip(columns, owners) {
      column.reserve(groupCount)
      column.add(values[owner], groups: groups, place: place)
    }
  }

  /// Adds rows of one group to a table with at most one key, whose aggregates count rows or sum the
  /// sizes of their messages.
  func add(rowCount: Int, messageByteCount: Int, key: Cell?) {
    guard rowCount > 0 else { return }
    hasRows = true
    let group = key.map { keys.number(of: $0) } ?? 0
    for column in columns {
      column.reserve(groupCount)
      column.add(rowCount: rowCount, messageByteCount: messageByteCount, to: group)
    }
  }

  /// Adds rows if only the number of rows per key is needed; returns false if the keys have no
  /// codes.
  private func addCounts(of vector: CellVector, count: Int) -> Bool {
    switch vector {
    case .constant(let cell): add(rowCount: count, messageByteCount: 0, key: cell)
    case .dictionary(let codes, let values):
      // If there are fewer rows than distinct values, counting per value does not pay.
      guard values.count <= codes.count else { return false }
      let counts = Self.histogram(of: codes, count: values.count)
      for (value, count) in zip(values, counts) {
        add(rowCount: count, messageByteCount: 0, key: value)
      }
    case .cells: return false
    }
    return true
  }

  /// Returns the number of occurrences of each code below `count`.
  private static func histogram(of codes: [UInt16], count: Int) -> [Int] {
    // Adjacent codes are mostly equal; four counters per code, used in turn, avoid waiting for the
    // previous increment.
    var counts = [Int](repeating: 0, count: 4 * count)
    counts.withUnsafeMutableBufferPointer { counts in
      codes.withUnsafeBufferPointer { codes in
        var index = 0
        while index &+ 4 <= codes.count {
          counts[4 &* Int(codes[index])] &+= 1
          counts[4 &* Int(codes[index &+ 1]) &+ 1] &+= 1
          counts[4 &* Int(codes[index &+ 2]) &+ 2] &+= 1
          counts[4 &* Int(codes[index &+ 3]) &+ 3] &+= 1
          index &+= 4
        }
        while index < codes.count {
          counts[4 &* Int(codes[index])] &+= 1
          index &+= 1
        }
      }
    }
    return (0..<count).map { counts[4 * $0..<4 * $0 + 4].reduce(0, +) }
  }

  /// Whether an aggregate counts distinct values.
  func countsDistinct(_ aggregate: Int) -> Bool { columns[places[aggregate]].countsDistinct }

  /// Whether an aggregate needs only the numbers of its values, or whether they are missing.
  func needsNumbers(_ aggregate: Int) -> Bool { columns[places[aggregate]].needsNumbers }

  /// Whether an aggregate is computed from the values of another one.
  func sharesValues(_ aggregate: Int) -> Bool { owners[places[aggregate]] != aggregate }

  /// Adds request ids to a distinct count of the only group.
  func add(_ ids: RequestIDColumn, _ entries: [Int], to aggregate: Int) {
    columns[places[aggregate]].add(ids, entries)
  }

  /// Merges the groups of another part.
  func merge(_ other: GroupTable, _ cancellation: Cancellation) throws(ScanFailure) {
    guard other.hasRows else { return }
    hasRows = true
    let groups = try keys.numbers(of: other.keys, cancellation)
    for (column, otherColumn) in zip(columns, other.columns) {
      column.reserve(groupCount)
      otherColumn.reserve(groups.count)
      try column.merge(otherColumn, groups: groups, cancellation)
    }
  }

  /// The number of result rows.
  var rowCount: Int { groupCount }

  /// Returns some of the rows: the keys, then the aggregates, one vector each.
  ///
  /// The cells live as long as the table.
  func rows(
    _ range: Range<Int>, _ cancellation: Cancellation
  ) throws(ScanFailure) -> [CellVector] {
    for column in columns { column.reserve(groupCount) }
    let first = range.lowerBound
    var vectors: [CellVector] = []
    for key in 0..<keys.keyCount {
      var cells: [Cell] = []
      cells.reserveCapacity(range.count)
      try cancellation.forEach(below: range.count) {
        cells.append(keys.value(ofKey: key, in: first + $0))
      }
      vectors.append(.cells(cells))
    }
    for (aggregate, place) in zip(aggregates, places) {
      var cells: [Cell] = []
      cells.reserveCapacity(range.count)
      try cancellation.forEach(below: range.count) {
        cells.append(columns[place].result(of: first + $0, percentage: aggregate.percentage))
      }
      vectors.append(.cells(cells))
    }
    return vectors
  }
}
