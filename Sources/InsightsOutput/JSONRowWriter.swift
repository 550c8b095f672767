internal import InsightsModel
internal import InsightsText

/// Writes the rows of one result as JSON objects, such as `{"@duration": 12.5, "name": "x"}`.
///
/// Missing values are omitted.
struct JSONRowWriter {
  private let columns: [ResultColumn]
  /// `"name": ` for each column, escaped once for all rows.
  private let keys: [[UInt8]]

  init(columns: [ResultColumn]) {
    self.columns = columns
    keys = columns.map { column in
      var key: [UInt8] = []
      JSONWriter.append(string: column.name, to: &key)
      key.append(contentsOf: ": ".utf8)
      return key
    }
  }

  func append(_ row: [Value], to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "{"))
    var isFirst = true
    for (index, value) in row.prefix(columns.count).enumerated() where !value.isMissing {
      if !isFirst { bytes.append(contentsOf: ", ".utf8) }
      isFirst = false
      bytes.append(contentsOf: keys[index])
      Self.append(value, of: columns[index], to: &bytes)
    }
    bytes.append(UInt8(ascii: "}"))
  }

  /// Appends a value that is not missing, in the form of `json`.
  static func append(_ value: Value, of column: ResultColumn, to bytes: inout [UInt8]) {
    if case .text(let text) = value {
      JSONWriter.append(string: text, to: &bytes)
    } else if column.showsNumber(value) {
      column.appendText(of: value, to: &bytes)
    } else {
      bytes.append(UInt8(ascii: "\""))
      column.appendText(of: value, to: &bytes)
      bytes.append(UInt8(ascii: "\""))
    }
  }
}
