internal import InsightsText

/// The first rows in an order, over part of the rows: their numbers and sort keys.
///
/// It may keep only the first of the rows with equal values, as `dedup` does; rows in which such a
/// value is missing are all kept.
final class TopRows {
  /// A row: the number of its segment in the scan, and its number in the segment.
  struct Row {
    var segment: Int
    var event: UInt16
    /// The number of its values; `missing` if it is kept whatever the others are.
    var tuple = missing

    static let missing = UInt32.max
  }

  private let isDescending: [Bool]
  private let limit: Int
  @exclusivity(unchecked) private var rows: [Row] = []
  /// The sort keys of the rows, concatenated.
  @exclusivity(unchecked) private var keys: [Cell] = []
  @exclusivity(unchecked) private var arena = TextArena()
  /// The size of the arena in bytes at which texts of replaced rows are released.
  @exclusivity(unchecked) private var arenaLimit = leastArenaLimit
  /// The values of which the first row is kept; `nil` if all rows are.
  @exclusivity(unchecked) private var tuples: KeyTuples?
  /// The index in `rows` of the first row with each of these values; -1 for none.
  @exclusivity(unchecked) private var firsts: [Int] = []
  /// The sort keys of the last of the top rows, once there are enough rows; otherwise empty.
  @exclusivity(unchecked) private(set) var bounds: [Cell] = []
  /// The first of these sort keys.
  var bound: Cell? { bounds.first }

  /// The number in the first sort key of that row, for natural order.
  var boundNumber: Double? {
    bound.flatMap { $0.kind == .text ? NaturalOrder.number(ofKey: $0.text) : nil }
  }

  /// `valueCount`: how many values rows must differ in; 0 if all rows are kept.
  init(isDescending: [Bool], limit: Int, valueCount: Int = 0) {
    self.isDescending = isDescending
    self.limit = limit
    if valueCount > 0 { tuples = KeyTuples(keyCount: valueCount) }
  }

  private var width: Int { isDescending.count }

  /// The approximate memory in bytes.
  var byteCount: Int {
    rows.capacity * MemoryLayout<Row>.stride + keys.capacity * MemoryLayout<Cell>.stride
      + arena.byteCount + (tuples?.byteCount ?? 0) + firsts.capacity * 8
  }

  /// Whether a row with this first key may be among the first.
  func mayInclude(_ key: Cell) -> Bool {
    guard let bound else { return limit > 0 }
    let order = Cell.order(key, bound)
    return isDescending[0] ? order >= 0 : order <= 0
  }

  private static let fewRows = 64
  private static let leastArenaLimit = 1 << 20

  /// Adds rows of a segment with their sort keys, and the values that they must differ in.
  func add(
    _ selection: Selection, of segment: Int, keys vectors: [CellVector], values: [CellVector] = []
  ) {
    dropUnusedTuples()
    let columns = vectors.map { $0.expanded(count: selection.count) }
    let tuples = self.tuples(of: values, count: selection.count)
    for index in 0..<selection.count where mayInclude(columns[0][index]) {
      add(
        Row(
          segment: segment, event: UInt16(truncatingIfNeeded: selection.row(index)),
          tuple: tuples?[index] ?? Row.missing)
      ) { columns[$0][index] }
    }
    // For few rows the bound is cheap to compute, and saves reading other segments.
    if limit <= Self.fewRows, rows.count > limit { cut() }
  }

  func merge(_ other: TopRows) {
    let tuples = self.tuples(of: other.values(of: other.rows), count: other.rows.count)
    for (number, row) in other.rows.enumerated() {
      add(
        Row(segment: row.segment, event: row.event, tuple: tuples?[number] ?? Row.missing)
      ) { other.keys[number * width + $0] }
    }
    cut()
  }

  @inline(__always)
  private func add(_ row: Row, key: (Int) -> Cell) {
    if row.tuple != Row.missing {
      let first = firsts[Int(row.tuple)]
      if first >= 0 {
        if order(key, ofRow: first) < 0 { replace(first, by: row, key) }
        return
      }
      firsts[Int(row.tuple)] = rows.count
    }
    rows.append(row)
    for index in 0..<width { keys.append(arena.copy(of: key(index))) }
    if rows.count >= 2 * max(limit, Self.fewRows) { cut() }
  }

  private func replace(_ number: Int, by row: Row, _ key: (Int) -> Cell) {
    rows[number] = row
    for index in 0..<width { keys[number * width + index] = arena.copy(of: key(index)) }
    if arena.byteCount > arenaLimit { cut() }
  }

  /// Drops all rows except the first ones so far.
  private func cut() {
    let order = rows.indices.sorted { left, right in
      self.order({ keys[left * width + $0] }, ofRow: right) < 0
    }.prefix(limit)
    let kept = TextArena()
    keys = order.flatMap { number in
      (0..<width).map { kept.copy(of: keys[number * width + $0]) }
    }
    rows = order.map { rows[$0] }
    arena = kept
    arenaLimit = max(Self.leastArenaLimit, 2 * kept.byteCount)
    if rows.count == limit, limit > 0 { bounds = Array(keys.suffix(width)) }
    findFirsts()
  }

  /// Returns a negative number if a row with these sort keys comes before another one, and a
  /// positive one if it comes after it.
  @inline(__always)
  private func order(_ key: (Int) -> Cell, ofRow other: Int) -> Int {
    for index in 0..<width {
      let order = Cell.order(key(index), keys[other * width + index])
      if order != 0 { return isDescending[index] ? -order : order }
    }
    return 0
  }

  // MARK: Values

  /// Returns the number of the values of each row; `nil` if all rows are kept.
  private func tuples(of values: [CellVector], count: Int) -> [UInt32]? {
    guard let tuples else { return nil }
    var numbers = tuples.numbers(of: values, count: count)
    for vector in values {
      for index in vector.missingIndexes(count: count) { numbers[index] = Row.missing }
    }
    while firsts.count < tuples.count { firsts.append(-1) }
    return numbers
  }

  /// Returns the values of rows; missing ones for a row that is kept whatever the others are.
  private func values(of rows: [Row]) -> [CellVector] {
    guard let tuples else { return [] }
    return (0..<tuples.keyCount).map { key in
      .cells(
        rows.map {
          $0.tuple == Row.missing ? .null : tuples.value(ofKey: key, in: Int($0.tuple))
        })
    }
  }

  /// Releases the values of rows that have been dropped, once they are the most.
  private func dropUnusedTuples() {
    guard let old = tuples, old.count > 4 * max(limit, Self.fewRows) else { return }
    let values = self.values(of: rows)
    tuples = KeyTuples(keyCount: old.keyCount)
    let numbers = tuples(of: values, count: rows.count) ?? []
    for (row, number) in numbers.enumerated() { rows[row].tuple = number }
    findFirsts()
  }

  private func findFirsts() {
    firsts = Array(repeating: -1, count: tuples?.count ?? 0)
    for (number, row) in rows.enumerated() where row.tuple != Row.missing {
      firsts[Int(row.tuple)] = number
    }
  }

  /// Returns the rows by the number of their segment, each ascending.
  func rowsBySegment() -> [(segment: Int, selection: Selection)] {
    cut()
    var events: [Int: [UInt16]] = [:]
    for row in rows { events[row.segment, default: []].append(row.event) }
    return events.keys.sorted().map { ($0, Selection(rows: (events[$0] ?? []).sorted())) }
  }
}
