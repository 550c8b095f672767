public import InsightsModel
internal import InsightsText

/// Writes rows as GetQueryResults has them: `[{"field":"@message","value":"…"}]`, without white space.
///
/// Values are text, missing ones are left out, and `@ptr` is the last.
public struct QueryResultRowWriter: Sendable {
  private let columns: [ResultColumn]
  private let order: [Int]
  /// `{"field":"…","value":` of each column.
  private let heads: [[UInt8]]

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
