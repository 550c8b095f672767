import Testing

@testable import InsightsScan

@Suite("memory for texts of a scan")
struct TextArenaTests {
  @Test("texts share chunks, however many there are")
  func chunks() {
    let arena = TextArena()
    let text = [UInt8](repeating: 97, count: 1000)
    var allocationCount = 0
    for _ in 0..<80_000 {
      let size = arena.byteCount
      _ = arena.cell(copying: text)
      if arena.byteCount != size { allocationCount += 1 }
    }
    // 80 MB in chunks of 1 MB, after some smaller ones.
    #expect(allocationCount < 100)
  }
}
