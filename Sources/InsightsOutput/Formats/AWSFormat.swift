internal import InsightsModel
internal import InsightsText

/// `aws`: the reply of GetQueryResults, as `aws logs get-query-results` prints it.
///
/// Every value is a string, a missing field is not in its row, and `@ptr` is the last of the fields.
/// The numbers of Lambda's REPORT lines are written as AWS's own replies have them: as Java writes a
/// double.
struct AWSFormat: ResultFormatter {
  static let descriptor = OutputFormatDescriptor(
    name: "aws", summary: "the reply of GetQueryResults", showsQueryDetails: true)

  init(terminal: Terminal, timeZone: TimeZone) {}

  func write(_ table: ResultTable, to output: inout OutputBuffer) throws(OutputError) {
    let pointer = "@ptr"
    let order =
      table.columns.indices.filter { table.columns[$0].name != pointer }
      + table.columns.indices.filter { table.columns[$0].name == pointer }
    output.append("{\n  \"queryLanguage\": \"CWLI\",\n  \"results\": [")
    for (number, row) in table.rows.enumerated() {
      output.append(number == 0 ? "\n    [" : ",\n    [")
      var isFirst = true
      for index in order where index < row.count && !row[index].isMissing {
        output.append(isFirst ? "\n" : ",\n")
        isFirst = false
        append(row[index], of: table.columns[index], to: &output.bytes)
      }
      output.append(isFirst ? "]" : "\n    ]")
      try output.flushIfFull()
    }
    output.append(table.rows.isEmpty ? "],\n" : "\n  ],\n")
    append(table.statistics, to: &output)
    output.append("  \"status\": \"Complete\"\n}\n")
  }

  private func append(_ value: Value, of column: ResultColumn, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: "      {\"field\": ".utf8)
    JSONWriter.append(string: column.name, to: &bytes)
    bytes.append(contentsOf: ", \"value\": ".utf8)
    var text: [UInt8] = []
    Self.append(value, of: column, to: &text)
    text.withUnsafeBufferPointer { JSONWriter.append(string: $0, to: &bytes) }
    bytes.append(UInt8(ascii: "}"))
  }

  /// The fields that Lambda's REPORT lines give, where a query takes them as they are.
  private static let reportFields: Set<String> = [
    "@duration", "@billedDuration", "@memorySize", "@maxMemoryUsed", "@initDuration",
  ]

  /// Appends a value as AWS writes it, without quotes and escapes.
  static func append(_ value: Value, of column: ResultColumn, to text: inout [UInt8]) {
    if reportFields.contains(column.name), let number = value.number {
      JavaDouble.append(number, to: &text)
    } else {
      column.appendText(of: value, to: &text)
    }
  }

  private func append(_ statistics: QueryStatistics?, to output: inout OutputBuffer) {
    guard let statistics else { return output.append("  \"statistics\": {},\n") }
    // The API has doubles here.
    output.append(
      """
        "statistics": {
          "recordsMatched": \(statistics.matchedCount).0,
          "recordsScanned": \(statistics.scannedCount).0,
          "estimatedRecordsSkipped": \(statistics.skippedCount).0,
          "bytesScanned": \(statistics.scannedBytes).0,
          "estimatedBytesSkipped": \(statistics.skippedBytes).0,
          "logGroupsScanned": \(statistics.logGroupCount).0,
          "resultCount": \(statistics.resultCount).0
        },

      """)
  }
}

extension Value {
  fileprivate var number: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .real(let number): number
    case .text, .wide, .null: nil
    }
  }
}
