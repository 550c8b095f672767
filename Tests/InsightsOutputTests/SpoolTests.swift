import Foundation
import InsightsModel
import InsightsOutput
import Testing

/// Rows that come one by one are written as a table of them is.
@Suite("spooled rows")
struct SpoolTests {
  private static let columns = [
    ResultColumn(name: "@log", type: .text), ResultColumn(name: "events", type: .number),
    ResultColumn(name: "first", type: .timestamp), ResultColumn(name: "any", type: .any),
  ]

  /// The last one with the widest cells.
  private static func table(rowCount: Int) -> ResultTable {
    ResultTable(
      columns: columns,
      rows: (0..<rowCount).map { number in
        [
          number == 2 ? .null : .text("/aws/lambda/orders-\(number % 97)/\(number) ü"),
          .integer(Int64(number)), .integer(Int64(number) * 1000),
          number + 1 == rowCount ? .text("the last\tof all") : .null,
        ]
      })
  }

  @Test(
    "formats write the same, also of more rows than are kept in memory",
    arguments: ["table", "json", "ndjson", "csv", "tsv", "aws"], [0, 1, 10, 3000, 120_000])
  func same(format: String, rowCount: Int) throws {
    let table = Self.table(rowCount: rowCount)
    let terminals = [
      Terminal.none, Terminal(columnCount: 80, usesColor: true),
      Terminal(columnCount: 20, usesColor: false),
    ]
    for terminal in rowCount > 10_000 ? [.none] : terminals {
      let formatter = try #require(
        OutputFormatRegistry.formatter(named: format, for: terminal) as? any SpoolingFormatter)
      let spool = formatter.spool(
        for: table.columns, in: FileManager.default.temporaryDirectory.path)
      for row in table.rows { try spool.append(row) }
      var output = OutputBuffer()
      try spool.write(to: &output)
      let isSame =
        try String(decoding: output.bytes, as: UTF8.self)
        == formatted(table, as: format, terminal: terminal)
      #expect(isSame)
    }
  }
}
