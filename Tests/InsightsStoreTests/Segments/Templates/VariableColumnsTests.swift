@testable import InsightsSegments
import InsightsTestSupport
import Testing

@testable import InsightsStore

@Suite("Columns of variables")
struct VariableColumnsTests {
  @Test("whole numbers of any size and order come out again")
  func integers() throws {
    var generator = SeededGenerator(state: 4)
    var columns: [[Int64]] = [
      [], [5], [.min, .max], Array(repeating: 7, count: 100), [.min, .max, 0, -1, 1],
      (0..<300).map { $0 * $0 }, (0..<300).map { Int64.max - $0 },
    ]
    for bits in 0..<64 {
      columns.append(
        (0..<20).map { _ in
          Int64(
            truncatingIfNeeded: UInt64.random(in: 0...UInt64.max >> UInt64(bits), using: &generator)
          )
        })
    }
    for stream in VariableStream.allCases where stream != .decimals {
      try check(columns, stream)
    }
  }

  @Test("numbers with a point keep the zeros that they were written with")
  func decimals() throws {
    func column(_ values: [(Int64, Int)]) -> [Int64] {
      values.map { DecimalValue(digits: $0.0, scale: $0.1).packed }
    }
    try check(
      [
        column([(5, 1)]), column([(5, 1), (50, 2), (500, 3), (-5, 3), (0, 1)]),
        column((0..<50).map { ($0, 3) }), column((0..<50).map { ($0 * 10, 2) }),
        column([(25, 1), (2576, 2), (64_047, 3), (50, 1)]),
        column([(25, 1), (2570, 2), (64_047, 3), (5, 1)]),
        column([(99_999_999_999_999_999, 1), (1, 15), (-99_999_999_999_999_999, 15), (3, 2)]),
      ], .decimals)
  }

  private func check(_ columns: [[Int64]], _ stream: VariableStream) throws {
    var writer = VariableWriter()
    for column in columns { column.withUnsafeBufferPointer { writer.append($0, to: stream) } }
    let bytes = writer.streams[stream.rawValue].1
    let read = try #require(VariableColumns(bytes, of: stream, counts: columns.map(\.count)))
    for index in columns.indices.reversed() {
      #expect(Array(try #require(read.values(ofColumn: index))) == columns[index])
    }
    #expect(
      VariableColumns(Array(bytes.dropLast()), of: stream, counts: columns.map(\.count)) == nil)
  }
}
