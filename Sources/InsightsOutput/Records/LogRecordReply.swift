public import InsightsModel
internal import InsightsText

/// The reply of GetLogRecord: every field of one event, as strings.
public enum LogRecordReply {
  /// Writes the only row of `record`.
  ///
  /// Values have AWS's form: times are epoch milliseconds, and Lambda's numbers are written like
  /// Java doubles.
  public static func write(_ record: ResultTable, to output: inout OutputBuffer) {
    output.append("{\n  \"logRecord\": {")
    var isFirst = true
    for (name, value) in fields(of: record) {
      output.append(isFirst ? "\n    " : ",\n    ")
      isFirst = false
      JSONWriter.append(string: name, to: &output.bytes)
      output.append(": ")
      JSONWriter.append(string: value, to: &output.bytes)
    }
    output.append("\n  }\n}\n")
  }

  /// The names and values of the only row of `record`.
  public static func fields(of record: ResultTable) -> [(name: String, value: String)] {
    zip(record.columns, record.rows.first ?? []).map { column, value in
      var text: [UInt8] = []
      if column.type == .timestamp, case .integer(let milliseconds) = value {
        NumericText.append(milliseconds, to: &text)
      } else {
        AWSFormat.append(value, of: column, to: &text)
      }
      return (column.name, String(decoding: text, as: UTF8.self))
    }
  }
}
