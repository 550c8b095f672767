@testable import InsightsScan
import InsightsText
import Testing

@testable import InsightsStore

@Suite("filters of field indexes")
struct FieldIndexFilterTests {
  private let arena = TextArena()

  private func key(_ text: String) throws -> FieldIndexFilter.Key {
    try #require(FieldIndexFilter.Key(arena.cell(copying: Array(text.utf8))))
  }

  private func mayContain(_ key: FieldIndexFilter.Key, in filter: [UInt8]) -> Bool {
    filter.withUnsafeBufferPointer { FieldIndexFilter.mayContain(key, in: $0) }
  }

  @Test("holds every value it was made of, and few others", arguments: [1, 2, 100, 8192])
  func values(count: Int) throws {
    let keys = try (0..<count).map { try key("order-\($0)") }
    let filter = FieldIndexFilter.encoded(Set(keys))
    #expect(filter.count == max(8, count * 2))
    #expect(keys.allSatisfy { mayContain($0, in: filter) })
    let found = try (count..<count + 10_000).filter {
      try mayContain(key("order-\($0)"), in: filter)
    }
    #expect(found.count < 50)
  }

  @Test("a field without values has none")
  func empty() throws {
    let filter = FieldIndexFilter.encoded([])
    #expect(filter.isEmpty)
    #expect(try !mayContain(key("x"), in: filter))
    #expect(FieldIndexFilter.Key(.null) == nil)
  }

  @Test("values that are equal to the language have one key")
  func equalValues() throws {
    for (text, number) in [
      ("5", Cell(Int64(5))), ("5.0", Cell(Int64(5))), ("+5e0", Cell(5.0)), ("-0", Cell(Int64(0))),
      ("0", Cell(-0.0)), ("9007199254740993", Cell(Int64(9_007_199_254_740_993))),
    ] {
      #expect(try key(text) == FieldIndexFilter.Key(number), "\(text)")
    }
    #expect(try key("5 ") != FieldIndexFilter.Key(Cell(Int64(5))))
    #expect(try key("error") != key("ERROR"))
    #expect(try key("") == FieldIndexFilter.Key(Cell(UnsafeBufferPointer(start: nil, count: 0))))
  }

  @Test(
    "any bytes are a filter",
    arguments: [[0], [255], [1, 2, 3], [UInt8](repeating: 255, count: 7)])
  func hostile(bytes: [UInt8]) throws {
    let isFull = bytes.allSatisfy { $0 == 255 }
    #expect(try mayContain(key("x"), in: bytes) || !isFull)
  }
}
