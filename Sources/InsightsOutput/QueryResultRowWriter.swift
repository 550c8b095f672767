public import InsightsModel
internal import InsightsText

/// Writes rows in the form of GetQueryResults: `[{"field":"@message","value":"…"}]`, without white
/// space.
///
/// Values are strings, missing ones are omitted, and `@ptr` is the last field.
public struct QueryResultRowWriter: Sendable {
  private let columns: [ResultColumn]
  private let order: [Int]
  /// `{"field":"…","value":` for each column.
  private let heads: [[UInt8]]

  /// Makes a writer for rows with these columns.
  public init(columns: [ResultColumn]) {
    self.columns = columns
    order = AWSFormat.order(of: columns)
    heads = columns.map { column in
      var head = Array(#"{"field":"#.utf8)
      JSONWriter.append(string: column.name, to: &head)
      head += Array(#","value":"#.utf8)
      return head
    }
  }

  /// Appends one row.
  public func append(_ row: [Value], to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "["))
    var isFirst = true
    var text: [UInt8] = []
    for index in order where index < row.count && !row[index].isMissing {
      if !isFirst { bytes.append(UInt8(ascii: ",")) }
      isFirst = false
      bytes += heads[index]
      text.removeAll(keepingCapacity: true)
      AWSFormat.append(row[index], of: columns[index], to: &text)
      text.withUnsafeBufferPointer { JSONWriter.append(string: $0, to: &bytes) }
      bytes.append(UInt8(ascii: "}"))
    }
    bytes.append(UInt8(ascii: "]"))
  }
}
