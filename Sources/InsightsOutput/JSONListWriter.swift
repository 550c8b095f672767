public import InsightsModel
internal import InsightsText

/// Writes rows as JSON lists of values, such as `[12.5,"x",null]`: the values that `json` has, with
/// `null` for those that are missing.
public struct JSONListWriter: Sendable {
  private let columns: [ResultColumn]

  public init(columns: [ResultColumn]) {
    self.columns = columns
  }

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
