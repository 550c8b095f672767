import InsightsTestSupport
import Testing

@testable import InsightsScan

@Suite("first rows of a scan")
struct TopRowsTests {
  /// A row with a sort key, and values of which only the first row is kept; `nil` for a missing one.
  private struct Row {
    var segment: Int
    var event: Int
    var key: Int64
    var values: [Int64?]

    func precedes(_ other: Row) -> Bool {
      (-key, segment, event) < (-other.key, other.segment, other.event)
    }
  }

  private static func cell(_ value: Int64?) -> Cell { value.map { Cell($0) } ?? .null }

  /// Returns what all rows give if they are added by segment to two parts, which are merged.
  private static func found(of rows: [Row], limit: Int, valueCount: Int) -> [[Int]] {
    let parts = (0..<2).map { _ in
      TopRows(isDescending: [true, false, false], limit: limit, valueCount: valueCount)
    }
    for (segment, rows) in Dictionary(grouping: rows, by: \.segment).sorted(by: { $0.key < $1.key })
    {
      func vector(_ value: (Row) -> Cell) -> CellVector { .cells(rows.map(value)) }
      parts[segment % 2].add(
        Selection(all: rows.count), of: segment,
        keys: [
          vector { Cell($0.key) }, vector { Cell(Int64($0.segment)) },
          vector { Cell(Int64($0.event)) },
        ],
        values: (0..<valueCount).map { index in vector { cell($0.values[index]) } })
    }
    parts[0].merge(parts[1])
    return parts[0].rowsBySegment().flatMap { part in
      (0..<part.selection.count).map { [part.segment, part.selection.row($0)] }
    }
  }

  private static func expected(of rows: [Row], limit: Int, valueCount: Int) -> [[Int]] {
    var known: Set<[Int64?]> = []
    let kept = rows.sorted { $0.precedes($1) }.filter { row in
      let values = Array(row.values.prefix(valueCount))
      return values.isEmpty || values.contains(nil) || known.insert(values).inserted
    }
    return kept.prefix(limit).map { [$0.segment, $0.event] }.sorted {
      $0.lexicographicallyPrecedes($1)
    }
  }

  @Test(
    "equal those of sorting all rows, however many and however often values repeat",
    arguments: [10, 1000, 20_000], [2, 50, 1_000_000])
  func firstRows(rowCount: Int, distinctCount: Int64) {
    var random = SeededGenerator(state: UInt64(rowCount) + UInt64(distinctCount))
    let rows = (0..<rowCount).map { number in
      Row(
        segment: number / 500, event: number % 500,
        key: Int64.random(in: 0..<Int64(rowCount), using: &random),
        values: (0..<2).map { _ in
          let value = Int64.random(in: 0..<distinctCount, using: &random)
          return value % 17 == 16 ? nil : value
        })
    }
    for limit in [1, 20, 1000] {
      for valueCount in 0...2 {
        #expect(
          Self.found(of: rows, limit: limit, valueCount: valueCount)
            == Self.expected(of: rows, limit: limit, valueCount: valueCount))
      }
    }
  }

  @Test("memory does not grow with rows that were replaced, or values that were dropped")
  func memory() {
    // Each row comes before all that were added before it.
    func byteCount(distinctCount: Int) -> Int {
      let top = TopRows(isDescending: [true], limit: 100, valueCount: 1)
      for segment in 0..<50 {
        let arena = TextArena()
        let texts = (0..<1000).map { event in
          let number = segment * 1000 + event + 1_000_000
          return (
            key: arena.cell(copying: Array("\(number) \(String(repeating: "x", count: 200))".utf8)),
            value: arena.cell(copying: Array("value \(number % distinctCount)".utf8))
          )
        }
        withExtendedLifetime(arena) {
          top.add(
            Selection(all: texts.count), of: segment, keys: [.cells(texts.map(\.key))],
            values: [.cells(texts.map(\.value))])
        }
      }
      return top.byteCount
    }
    #expect(byteCount(distinctCount: 50) < 4 << 20)
    #expect(byteCount(distinctCount: 10_000_000) < 4 << 20)
  }
}
