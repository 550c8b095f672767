internal import InsightsStore

/// Encodes the frames of errors, which are arrays, as texts: the size in bytes and the bytes of
/// each value.
///
/// ```text
/// 6:app.py-7:main.py    "app.py", none, "main.py"
/// ```
enum FrameColumns {
  /// An expression for each column of `FactTable.frameColumns`.
  static let expressions = FactTable.frameColumns.map { column in
    """
    arrayStringConcat(arrayMap(x -> ifNull(concat(toString(length(toString(x))), ':', toString(x)), '-'),
      frame_\(column.name)))
    """
  }

  /// Parses the frames of a row; their columns follow `count` others.
  static func frames(of row: ClickHouseRows.Row, behind count: Int) -> [ErrorTable.Frame] {
    let columns = expressions.indices.map { values(in: row.bytes(count + $0)) }
    return columns[0].indices.map { index in
      func text(_ column: Int) -> String? {
        columns[column].indices.contains(index) ? columns[column][index] : nil
      }
      return ErrorTable.Frame(
        file: text(0), line: text(1).flatMap { Int64($0) }, function: text(2), code: text(3))
    }
  }

  private static func values(in bytes: ArraySlice<UInt8>) -> [String?] {
    var values: [String?] = []
    var rest = bytes
    while let first = rest.first {
      guard first != UInt8(ascii: "-") else {
        rest = rest.dropFirst()
        values.append(nil)
        continue
      }
      let digits = rest.prefix { $0 != UInt8(ascii: ":") }
      let size = Int(String(decoding: digits, as: UTF8.self)) ?? 0
      let text = rest.dropFirst(digits.count + 1)
      values.append(String(decoding: text.prefix(size), as: UTF8.self))
      rest = text.dropFirst(size)
    }
    return values
  }
}
