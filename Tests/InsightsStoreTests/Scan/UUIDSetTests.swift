@testable import InsightsSegments
@testable import InsightsScan
import Testing

@testable import InsightsStore

@Suite("sets of UUIDs")
struct UUIDSetTests {
  @Test("each UUID counts once, zeros included", arguments: [0, 1, 767, 20_000, 200_000])
  func counts(count: Int) {
    let set = UUIDSet()
    for _ in 0..<2 {
      for number in 0..<count {
        set.insert(UUID(high: UInt64(number % 7), low: UInt64(number)))
      }
    }
    #expect(set.count == count)
  }

  @Test("a union has what is in either, once", arguments: [0, 1, 768, 20_000])
  func union(count: Int) {
    func uuids(_ numbers: Range<Int>) -> UUIDSet {
      let set = UUIDSet()
      for number in numbers { set.insert(UUID(high: 0, low: UInt64(number))) }
      return set
    }
    let set = uuids(0..<count)
    set.formUnion(uuids(count / 2..<count * 2))
    #expect(set.count == count * 2)
    set.formUnion(uuids(0..<count * 2))
    #expect(set.count == count * 2)
  }

  @Test("a UUID is written as it was read")
  func text() {
    let text = "7f1c0a52-6a1e-4d0b-9c36-2f60d7a5be10"
    var written: [UInt8] = Array("id ".utf8)
    Array(text.utf8).withUnsafeBufferPointer { UUID($0) }?.append(to: &written)
    #expect(String(decoding: written, as: UTF8.self) == "id " + text)
  }
}
