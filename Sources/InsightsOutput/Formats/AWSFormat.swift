internal import InsightsModel
internal import InsightsText

/// `aws`: the reply of GetQueryResults, as `aws logs get-query-results` prints it.
///
/// Every value is a string, a missing field is omitted, and `@ptr` is the last field. The numbers
/// of Lambda's REPORT lines have the form of AWS's replies, which is that of Java doubles.
struct AWSFormat: RowFormatter {
  static let descriptor = OutputFormatDescriptor(
    name: "aws", summary: "the reply of GetQueryResults", showsQueryDetails: true)

  init(terminal: Terminal, timeZone: TimeZone) {}

  func rowWriter(for columns: [ResultColumn]) -> any RowWriter { Writer(columns: columns) }

  /// The order of the columns in a row: `@ptr` comes last.
  static func order(of columns: [ResultColumn]) -> [Int] {
    let pointer = "@ptr"
    return columns.indices.filter { columns[$0].name != pointer }
      + columns.indices.filter { columns[$0].name == pointer }
  }

  private struct Writer: RowWriter {
    private let columns: [ResultColumn]
    private let order: [Int]

    init(columns: [ResultColumn]) {
      self.columns = columns
      order = AWSFormat.order(of: columns)
    }

    func appendHead(to bytes: inout [UInt8]) {
      bytes.append(contentsOf: "{\n  \"queryLanguage\": \"CWLI\",\n  \"results\": [".utf8)
    }

    func append(_ row: [Value], number: Int, to bytes: inout [UInt8]) {
      bytes.append(contentsOf: number == 0 ? "\n    [".utf8 : ",\n    [".utf8)
      var isFirst = true
      for index in order where index < row.count && !row[index].isMissing {
        bytes.append(contentsOf: isFirst ? "\n".utf8 : ",\n".utf8)
        isFirst = false
        append(row[index], of: columns[index], to: &bytes)
      }
      bytes.append(contentsOf: isFirst ? "]".utf8 : "\n    ]".utf8)
    }

    func appendEnd(rowCount: Int, statistics: QueryStatistics?, to bytes: inout [UInt8]) {
      bytes.append(contentsOf: rowCount == 0 ? "],\n".utf8 : "\n  ],\n".utf8)
      bytes.append(contentsOf: AWSFormat.text(of: statistics).utf8)
      bytes.append(contentsOf: "  \"status\": \"Complete\"\n}\n".utf8)
    }

    private func append(_ value: Value, of column: ResultColumn, to bytes: inout [UInt8]) {
      bytes.append(contentsOf: "      {\"field\": ".utf8)
      JSONWriter.append(string: column.name, to: &bytes)
      bytes.append(contentsOf: ", \"value\": ".utf8)
      var text: [UInt8] = []
      AWSFormat.append(value, of: column, to: &text)
      text.withUnsafeBufferPointer { JSONWriter.append(string: $0, to: &bytes) }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  /// Appends a value in AWS's form, without quotes and escapes.
  static func append(_ value: Value, of column: ResultColumn, to text: inout [UInt8]) {
    if column.isReportNumber, let number = value.number {
      JavaDouble.append(number, to: &text)
    } else {
      column.appendText(of: value, to: &text)
    }
  }

  private static func text(of statistics: QueryStatistics?) -> String {
    guard let statistics else { return "  \"statistics\": {},\n" }
    // The API uses doubles here.
    return """
        "statistics": {
          "recordsMatched": \(statistics.matchedCount).0,
          "recordsScanned": \(statistics.scannedCount).0,
          "estimatedRecordsSkipped": \(statistics.skippedCount).0,
          "bytesScanned": \(statistics.scannedBytes).0,
          "estimatedBytesSkipped": \(statistics.skippedBytes).0,
          "logGroupsScanned": \(statistics.logGroupCount).0,
          "resultCount": \(statistics.resultCount).0
        },

      """
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
