@testable import InsightsScan
import InsightsTestSupport
import Testing

@testable import InsightsStore

@Suite("counts of group keys")
struct KeyCountsTests {
  @Test(
    "a key that enough rows have is never missed, and few others are taken for one",
    arguments: [10, 1000, 100_000], [2, 3, 4])
  func frequent(keyCount: Int, least: Int) {
    var generator = SeededGenerator(state: UInt64(keyCount + least))
    let hashes = (0..<keyCount).map { _ in UInt64.random(in: 0..<1 << 44, using: &generator) }
    // The first tenth has as many rows as a group needs, in two parts, the others one.
    var rows: [UInt64] = []
    for (index, hash) in hashes.enumerated() {
      rows += Array(repeating: hash, count: index < keyCount / 10 ? least : 1)
    }
    rows.shuffle(using: &generator)
    let counts = KeyCounts(rowCount: rows.count, leastRowCount: least)
    let other = KeyCounts(rowCount: rows.count, leastRowCount: least)
    counts.add(Array(rows.prefix(rows.count / 3)))
    other.add(Array(rows.dropFirst(rows.count / 3)))
    counts.merge(other)
    for hash in hashes.prefix(keyCount / 10) { #expect(counts.isFrequent(hash)) }
    let mistaken = hashes.dropFirst(keyCount / 10).count { counts.isFrequent($0) }
    #expect(mistaken * 2 <= keyCount)
    // All rows together tell exactly, up to what the counts count.
    let parts = stride(from: 0, to: rows.count, by: 777).map { Array(rows[$0...].prefix(777)) }
    counts.confirm(among: parts)
    for (index, hash) in hashes.enumerated() {
      #expect(counts.isFrequent(hash) == (index < keyCount / 10))
    }
    counts.confirm(among: [])
    #expect(!hashes.contains(where: counts.isFrequent))
  }
}
