internal import InsightsModel
internal import InsightsText

/// Writes rows of texts as `csv` does.
public struct CSVTable: Sendable {
  private let columnNames: [String]

  /// Makes a writer for rows with these columns.
  public init(columnNames: [String]) {
    self.columnNames = columnNames
  }

  /// Appends the header row.
  public func appendHead(to bytes: inout [UInt8]) { append(columnNames, to: &bytes) }

  /// Appends a row with a text, or none, for each column.
  public func append(_ row: [String?], to bytes: inout [UInt8]) {
    CSVFormat.appendRecord(columnCount: columnNames.count, to: &bytes) { index, bytes in
      if index < row.count, let text = row[index] { bytes.append(contentsOf: text.utf8) }
    }
  }
}
