public import InsightsModel
internal import InsightsText

/// Writes rows as JSON arrays of values, such as `[12.5,"x",null]`.
///
/// Values are formatted as in `json`; missing ones are `null`.
public struct JSONListWriter: Sendable {
  private let columns: [ResultColumn]

  /// Makes a writer for rows with these columns.
  public init(columns: [ResultColumn]) {
    self.columns = columns
  }

  /// Appends one row as an array.
  public func append(_ row: [Value], to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "["))
    for (index, value) in row.prefix(columns.count).enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      if value.isMissing {
        JSONWriter.appendNull(to: &bytes)
      } else {
        JSONRowWriter.append(value, of: columns[index], to: &bytes)
      }
    }
    bytes.append(UInt8(ascii: "]"))
  }
}
