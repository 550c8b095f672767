import InsightsModel
import InsightsStore
import Testing

@testable import InsightsClickHouse

@Suite("rows in RowBinary")
struct RowBinaryTests {
  /// A header and rows, read in pieces of a size; the values of each row as texts.
  private func rows(
    _ columns: [(String, String)], _ body: [UInt8], pieceSize: Int = 3
  ) throws -> [[String]] {
    var header = RowBinaryWriter()
    header.append(count: columns.count)
    for (name, _) in columns { header.append(name) }
    for (_, type) in columns { header.append(type) }
    var rest = (header.bytes + body)[...]
    let reader = try RowBinaryReader { () throws(StoreError) in
      guard !rest.isEmpty else { return nil }
      defer { rest = rest.dropFirst(pieceSize) }
      return Array(rest.prefix(pieceSize))
    }
    #expect(reader.names == columns.map(\.0))
    var rows: [[String]] = []
    while try reader.hasRow() {
      var row: [String] = []
      for column in columns.indices {
        let value = try reader.value(ofColumn: column)
        if case .text(let range) = value {
          row.append("'\(String(decoding: reader.buffer[range], as: UTF8.self))'")
        } else {
          row.append("\(value)")
        }
      }
      rows.append(row)
    }
    return rows
  }

  @Test("values come out as they went in", arguments: [1, 2, 3, 7, 1000])
  func roundTrip(pieceSize: Int) throws {
    var writer = RowBinaryWriter()
    writer.append(Int64.min)
    writer.append(UInt8(255))
    writer.append(-1.5)
    writer.append("a\0\tb")
    writer.appendPresent()
    writer.append("é")
    writer.append(Int64(7))
    writer.append(UInt8(0))
    writer.append(Double.infinity)
    writer.append(String(repeating: "x", count: 300))
    writer.appendNull()
    let types = ["Int64", "UInt8", "Float64", "LowCardinality(String)", "Nullable(String)"]
    let rows = try rows(types.map { ("c", $0) }, writer.bytes, pieceSize: pieceSize)
    #expect(
      rows == [
        ["integer(\(Int64.min))", "integer(255)", "real(-1.5)", "'a\0\tb'", "'é'"],
        [
          "integer(7)", "integer(0)", "real(inf)", "'\(String(repeating: "x", count: 300))'",
          "null",
        ],
      ])
  }

  @Test("numbers of all sizes keep their sign")
  func numbers() throws {
    var writer = RowBinaryWriter()
    writer.append(Int8(-1))
    writer.append(Int16(-300))
    writer.append(UInt16(65535))
    writer.append(Int32(-70000))
    writer.append(UInt32.max)
    writer.append(UInt64.max)
    writer.append(Int64(1_767_225_600_123))
    let types = [
      "Int8", "Int16", "UInt16", "Int32", "UInt32", "UInt64", "Nullable(DateTime64(3, 'UTC'))",
    ]
    var bytes = writer.bytes
    bytes.insert(0, at: bytes.count - 8)
    #expect(
      try rows(types.map { ("c", $0) }, bytes) == [
        [
          "integer(-1)", "integer(-300)", "integer(65535)", "integer(-70000)",
          "integer(4294967295)", "unsigned(18446744073709551615)", "integer(1767225600123)",
        ]
      ])
  }

  @Test("broken UTF-8 stays as it is")
  func brokenText() throws {
    var writer = RowBinaryWriter()
    let bytes: [UInt8] = [0xFF, 0, 0xC3]
    bytes.withUnsafeBufferPointer { writer.append($0) }
    var rest: [UInt8]? = [1, 1, 0x63, 6] + Array("String".utf8) + writer.bytes
    let reader = try RowBinaryReader { () throws(StoreError) in
      defer { rest = nil }
      return rest
    }
    #expect(try reader.hasRow())
    guard case .text(let range) = try reader.value(ofColumn: 0) else {
      Issue.record("no text")
      return
    }
    #expect(Array(reader.buffer[range]) == bytes)
  }

  @Test("an answer that is cut short is an error, not fewer rows")
  func cutAnswer() throws {
    var writer = RowBinaryWriter()
    writer.append("text")
    for count in 1..<writer.bytes.count {
      let failure = #expect(throws: StoreError.self) {
        _ = try rows([("c", "String")], Array(writer.bytes.prefix(count)))
      }
      guard case .remote(let remote)? = failure else {
        Issue.record("\(String(describing: failure))")
        continue
      }
      #expect(remote.kind == .incomplete)
    }
  }

  @Test("a type that is not read is named")
  func unknownType() {
    let failure = #expect(throws: StoreError.self) {
      _ = try rows([("c", "Nullable(Map(String, String))")], [])
    }
    guard case .remote(let remote)? = failure else { return }
    #expect(remote.message.contains("Nullable(Map(String, String))"))
  }

  @Test("an empty answer has no columns and no rows")
  func emptyAnswer() throws {
    let reader = try RowBinaryReader { () throws(StoreError) in nil }
    #expect(reader.names.isEmpty)
    #expect(try !reader.hasRow())
  }
}
