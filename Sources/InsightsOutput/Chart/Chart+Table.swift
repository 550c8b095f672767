public import InsightsModel

extension Chart {
  /// Derives a chart from a result; `nil` if it has no rows or no numeric columns.
  ///
  /// Numeric columns are drawn, except the keys of `stats`. If a key is a time (`bin`), values are
  /// drawn over time, with one series for each combination of the other keys; otherwise there is
  /// one bar per row, labelled with the keys. Rows that are not groups are points over time if they
  /// have times.
  ///
  /// `kind` is the reader's choice; by default integers over time are drawn as columns, other
  /// numbers as lines.
  public init?(of table: ResultTable, kind: Kind? = nil) {
    guard !table.rows.isEmpty else { return nil }
    let keys = table.groupKeys ?? []
    let measures = table.columns.indices.filter { index in
      !keys.contains(table.columns[index].name) && table.isNumeric(index)
    }
    guard !measures.isEmpty else { return nil }
    let isSummary = table.groupKeys != nil
    self.isSummary = isSummary
    let time = table.columns.indices.first { index in
      table.columns[index].type == .timestamp
        && (!isSummary || keys.contains(table.columns[index].name))
    }
    if let time, let content = Self.times(of: table, at: time, measures: measures, kind: kind) {
      self.content = content
    } else {
      content = Self.bars(of: table, measures: measures)
    }
  }

  /// One bar per row; for a single row without keys, one bar per column.
  private static func bars(of table: ResultTable, measures: [Int]) -> Content {
    let names = table.labelColumns(besides: measures)
    if names.isEmpty, table.rows.count == 1 {
      let labels = measures.map { table.columns[$0].name }
      let panel = BarPanel(
        name: "", values: measures.map { table.number(inRow: 0, at: $0) },
        texts: measures.map { table.text(inRow: 0, at: $0) })
      return .bars(labels: labels, panels: [panel])
    }
    let labels = table.rows.indices.map { row in
      names.isEmpty ? "\(row + 1)" : table.label(ofRow: row, from: names)
    }
    let panels = measures.map { measure in
      BarPanel(
        name: table.columns[measure].name,
        values: table.rows.indices.map { table.number(inRow: $0, at: measure) },
        texts: table.rows.indices.map { table.text(inRow: $0, at: measure) })
    }
    return .bars(labels: labels, panels: panels)
  }

  private static func times(
    of table: ResultTable, at time: Int, measures: [Int], kind: Kind?
  ) -> Content? {
    let isSummary = table.groupKeys != nil
    let names = isSummary ? table.labelColumns(besides: measures + [time]) : []
    var rowsBySeries: [String: [(time: Int64, row: Int)]] = [:]
    var times: Set<Int64> = []
    for row in table.rows.indices {
      guard let milliseconds = table.time(inRow: row, at: time) else { continue }
      times.insert(milliseconds)
      rowsBySeries[table.label(ofRow: row, from: names), default: []].append((milliseconds, row))
    }
    guard let first = times.min(), let last = times.max() else { return nil }
    let placedCount = rowsBySeries.values.reduce(0) { $0 + $1.count }
    let axis = TimeAxis(
      first: first, last: last, step: isSummary ? step(of: times.sorted()) : nil,
      omittedRowCount: table.rows.count - placedCount)
    let panels = measures.map { measure in
      let series = rowsBySeries.map { name, rows in
        TimeSeries(
          name: name,
          points: rows.compactMap { time, row in
            table.number(inRow: row, at: measure).map { TimePoint(time: time, value: $0) }
          }
          .sorted { ($0.time, $0.value) < ($1.time, $1.value) })
      }
      .filter { !$0.points.isEmpty }
      return TimePanel(
        name: table.columns[measure].name,
        style: isSummary ? style(of: series, kind: kind) : .points,
        series: series.sorted { ($1.sum, $0.name) < ($0.sum, $1.name) })
    }
    .filter { !$0.series.isEmpty }
    return panels.isEmpty ? nil : .times(axis, panels: panels)
  }

  private static func style(of series: [TimeSeries], kind: Kind?) -> TimeStyle {
    let values = series.flatMap(\.points).map(\.value)
    guard values.allSatisfy({ $0 >= 0 }) else { return .line }
    if let kind { return kind == .bar ? .columns : .line }
    return values.allSatisfy { $0 == $0.rounded() } ? .columns : .line
  }

  /// The greatest common divisor of the distances between successive times; `nil` if there is none.
  private static func step(of times: [Int64]) -> Int64? {
    var step: Int64 = 0
    for (time, next) in zip(times, times.dropFirst()) {
      var (larger, smaller) = (next &- time, step)
      while smaller != 0 { (larger, smaller) = (smaller, larger % smaller) }
      step = larger
    }
    return step > 0 ? step : nil
  }
}

extension Chart.TimeSeries {
  fileprivate var sum: Double { points.reduce(0) { $0 + $1.value } }
}

extension ResultTable {
  /// Whether every value of a column is a number.
  fileprivate func isNumeric(_ index: Int) -> Bool {
    switch columns[index].type {
    case .number: return rows.contains { index < $0.count && !$0[index].isMissing }
    case .any, .element:
      var hasNumber = false
      for row in rows where index < row.count && !row[index].isMissing {
        guard columns[index].showsNumber(row[index]) else { return false }
        hasNumber = true
      }
      return hasNumber
    case .text, .boolean, .timestamp, .structure, .list: return false
    }
  }

  /// The columns that label a row: the grouping keys if known and displayed, otherwise the
  /// non-numeric columns.
  fileprivate func labelColumns(besides others: [Int]) -> [Int] {
    let candidates = columns.indices.filter { !others.contains($0) }
    guard let groupKeys else { return candidates }
    let keys = candidates.filter { groupKeys.contains(columns[$0].name) }
    // A command after `stats` may have recomputed or dropped all keys.
    return keys.isEmpty && !groupKeys.isEmpty
      ? candidates.filter { columns[$0].type == .text } : keys
  }

  fileprivate func label(ofRow row: Int, from names: [Int]) -> String {
    names.map { name in
      let text = PrintableText.line(of: text(inRow: row, at: name))
      return text.isEmpty ? "(none)" : text
    }.joined(separator: " · ")
  }

  fileprivate func number(inRow row: Int, at index: Int) -> Double? {
    guard index < rows[row].count, !rows[row][index].isMissing else { return nil }
    switch rows[row][index] {
    case .integer(let number): return Double(number)
    case .real(let number): return number
    case .wide(let digits): return Double(digits)
    case .null, .text: return nil
    }
  }

  fileprivate func time(inRow row: Int, at index: Int) -> Int64? {
    guard index < rows[row].count else { return nil }
    let time: Int64? =
      switch rows[row][index] {
      case .integer(let number): number
      case .real(let number): Int64(exactly: number.rounded(.down))
      case .null, .text, .wide: nil
      }
    // Years from 0 to 9999, so that arithmetic on times cannot overflow.
    return time.flatMap { (-62_167_219_200_000..<253_402_300_800_000).contains($0) ? $0 : nil }
  }

  fileprivate func text(inRow row: Int, at index: Int) -> String {
    guard index < rows[row].count else { return "" }
    var bytes: [UInt8] = []
    columns[index].appendText(of: rows[row][index], to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}
