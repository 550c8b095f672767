internal import InsightsText

/// The first rows in an order, over part of the rows: their numbers and sort keys.
final class TopRows {
  /// A row: the number of its segment in the scan, and its number in the segment.
  struct Row {
    var segment: Int
    var event: UInt16
  }

  private let isDescending: [Bool]
  private let limit: Int
  @exclusivity(unchecked) private var rows: [Row] = []
  /// The sort keys of the rows, concatenated.
  @exclusivity(unchecked) private var keys: [Cell] = []
  @exclusivity(unchecked) private var arena = TextArena()
  /// The sort keys of the last of the top rows, once there are enough rows; otherwise empty.
  @exclusivity(unchecked) private(set) var bounds: [Cell] = []
  /// The first of these sort keys.
  var bound: Cell? { bounds.first }

  /// The number in the first sort key of that row, for natural order.
  var boundNumber: Double? {
    bound.flatMap { $0.kind == .text ? NaturalOrder.number(ofKey: $0.text) : nil }
  }

  init(isDescending: [Bool], limit: Int) {
    self.isDescending = isDescending
    self.limit = limit
  }

  private var width: Int { isDescending.count }

  /// The approximate memory in bytes.
  var byteCount: Int {
    rows.capacity * MemoryLayout<Row>.stride + keys.capacity * MemoryLayout<Cell>.stride
      + arena.byteCount
  }

  /// Whether a row with this first key may be among the first.
  func mayInclude(_ key: Cell) -> Bool {
    guard let bound else { return limit > 0 }
    let order = Cell.order(key, bound)
    return isDescending[0] ? order >= 0 : order <= 0
  }

  /// Adds rows of a segment with their keys.
  func add(_ selection: Selection, of segment: Int, keys vectors: [CellVector]) {
    let columns = vectors.map { $0.expanded(count: selection.count) }
    for index in 0..<selection.count where mayInclude(columns[0][index]) {
      rows.append(Row(segment: segment, event: UInt16(truncatingIfNeeded: selection.row(index))))
      for column in columns { keys.append(arena.copy(of: column[index])) }
      if rows.count >= 2 * max(limit, Self.fewRows) { cut() }
    }
    // For few rows the bound is cheap to compute, and saves reading other segments.
    if limit <= Self.fewRows, rows.count > limit { cut() }
  }

  private static let fewRows = 64

  func merge(_ other: TopRows) {
    for (number, row) in other.rows.enumerated() {
      rows.append(row)
      for index in 0..<width { keys.append(arena.copy(of: other.keys[number * width + index])) }
    }
    cut()
  }

  /// Drops all rows except the first ones so far.
  private func cut() {
    let order = rows.indices.sorted { isBefore($0, $1) }.prefix(limit)
    let kept = TextArena()
    keys = order.flatMap { number in
      (0..<width).map { kept.copy(of: keys[number * width + $0]) }
    }
    rows = order.map { rows[$0] }
    arena = kept
    if rows.count == limit, limit > 0 { bounds = Array(keys.suffix(width)) }
  }

  private func isBefore(_ left: Int, _ right: Int) -> Bool {
    for index in 0..<width {
      let order = Cell.order(keys[left * width + index], keys[right * width + index])
      if order != 0 { return isDescending[index] ? order > 0 : order < 0 }
    }
    return false
  }

  /// Returns the rows by the number of their segment, each ascending.
  func rowsBySegment() -> [(segment: Int, selection: Selection)] {
    cut()
    var events: [Int: [UInt16]] = [:]
    for row in rows { events[row.segment, default: []].append(row.event) }
    return events.keys.sorted().map { ($0, Selection(rows: (events[$0] ?? []).sorted())) }
  }
}
