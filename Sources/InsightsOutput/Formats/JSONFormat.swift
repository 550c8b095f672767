internal import InsightsModel
internal import InsightsText

/// `json`: one array of objects, one row per line; several results are one object of such arrays.
struct JSONFormat: ResultCollectionFormatter, RowFormatter {
  static let descriptor = OutputFormatDescriptor(
    name: "json", summary: "one array of objects, keys in column order")

  init(terminal: Terminal, timeZone: TimeZone) {}

  func rowWriter(for columns: [ResultColumn]) -> any RowWriter {
    ArrayWriter(columns: columns, indentation: "", ending: "\n")
  }

  func write(_ results: [NamedResult], to output: inout OutputBuffer) throws(OutputError) {
    output.append("{")
    for (index, result) in results.enumerated() {
      output.append(index == 0 ? "\n  " : ",\n  ")
      JSONWriter.append(string: result.name, to: &output.bytes)
      output.append(": ")
      try write(
        result.table,
        with: ArrayWriter(columns: result.table.columns, indentation: "  ", ending: ""),
        to: &output)
    }
    output.append(results.isEmpty ? "}\n" : "\n}\n")
  }

  private struct ArrayWriter: RowWriter {
    private let objects: JSONRowWriter
    private let indentation: String
    private let ending: String

    init(columns: [ResultColumn], indentation: String, ending: String) {
      objects = JSONRowWriter(columns: columns)
      self.indentation = indentation
      self.ending = ending
    }

    func appendHead(to bytes: inout [UInt8]) { bytes.append(UInt8(ascii: "[")) }

    func append(_ row: [Value], number: Int, to bytes: inout [UInt8]) {
      bytes.append(contentsOf: number == 0 ? "\n".utf8 : ",\n".utf8)
      bytes.append(contentsOf: indentation.utf8)
      bytes.append(contentsOf: "  ".utf8)
      objects.append(row, to: &bytes)
    }

    func appendEnd(rowCount: Int, statistics: QueryStatistics?, to bytes: inout [UInt8]) {
      if rowCount > 0 {
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: indentation.utf8)
      }
      bytes.append(UInt8(ascii: "]"))
      bytes.append(contentsOf: ending.utf8)
    }
  }
}
