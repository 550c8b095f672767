public import InsightsModel
internal import InsightsText

/// The reply of GetLogRecord: every field of one event, as text.
public enum LogRecordReply {
  /// Writes the only row of `record`.
  ///
  /// As AWS has them: times are epoch milliseconds, and Lambda's numbers are written as Java writes a
  /// double.
  public static func write(_ record: ResultTable, to output: inout OutputBuffer) {
    output.append("{\n  \"logRecord\": {")
    var isFirst = true
    for (column, value) in zip(record.columns, record.rows.first ?? []) {
      output.append(isFirst ? "\n    " : ",\n    ")
      isFirst = false
      JSONWriter.append(string: column.name, to: &output.bytes)
      output.append(": ")
      var text: [UInt8] = []
      if column.type == .timestamp, case .integer(let milliseconds) = value {
        NumericText.append(milliseconds, to: &text)
      } else {
        AWSFormat.append(value, of: column, to: &text)
      }
      text.withUnsafeBufferPointer { JSONWriter.append(string: $0, to: &output.bytes) }
    }
    output.append("\n  }\n}\n")
  }
}
