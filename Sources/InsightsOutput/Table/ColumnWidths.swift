/// Distributes the width of a terminal among the columns of a table.
enum ColumnWidths {
  /// The number of spaces between two columns.
  static let gap = 2

  /// Returns the width of each column so that a row fits in `total` terminal columns, or `nil` if
  /// that is impossible.
  ///
  /// The widest columns shrink first: prose down to 16 columns, then names down to 36, then names
  /// down to 20. Numbers, times and ids are never truncated, as half of one is useless.
  static func fitting(_ columns: [TableCells.Column], into total: Int) -> [Int]? {
    var widths = columns.map(\.width)
    let available = total - gap * max(0, columns.count - 1)
    shrink(&widths, to: available, least: 16) { columns[$0].isProse }
    for least in [36, 20] {
      shrink(&widths, to: available, least: least) {
        columns[$0].isCuttable && !columns[$0].isIdentifier
      }
    }
    return widths.reduce(0, +) <= available ? widths : nil
  }

  /// Lowers a common limit on the chosen columns until all fit or the limit is `least`.
  private static func shrink(
    _ widths: inout [Int], to available: Int, least: Int, isChosen: (Int) -> Bool
  ) {
    let chosen = widths.indices.filter { isChosen($0) && widths[$0] > least }
    let others = widths.reduce(0, +) - chosen.reduce(0) { $0 + widths[$1] }
    var limit = min(available, chosen.map { widths[$0] }.max() ?? 0)
    while limit > least, others + chosen.reduce(0, { $0 + min(widths[$1], limit) }) > available {
      limit -= 1
    }
    for index in chosen { widths[index] = min(widths[index], max(limit, least)) }
  }
}
