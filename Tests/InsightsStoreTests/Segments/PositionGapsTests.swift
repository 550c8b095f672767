@testable import InsightsSegments
import InsightsTestSupport
import Testing

@testable import InsightsStore

@Suite("gaps between positions")
struct PositionGapsTests {
  private static func isKept(_ number: Int64, _ kind: Int) -> Bool {
    switch kind {
    case 0: true
    case 1: number.isMultiple(of: 2)
    case 2: !(100..<5000).contains(number)
    case 3: number * 7919 % 1000 < 300
    default: number < 3 || number > 100_000
    }
  }

  @Test("every event has its position, and every position its event", arguments: 0..<5)
  func bothWays(kind: Int) throws {
    let numbers = (1...200_000 as ClosedRange<Int64>).lazy.filter { Self.isKept($0, kind) }
    let positions = Array(numbers.prefix(SegmentDirectory.eventLimit))
    let first = try #require(positions.first)
    let gaps = PositionGaps(in: positions)
    #expect(gaps.isEmpty == (kind == 0))
    #expect(
      positions.indices.allSatisfy { first + Int64($0) + gaps.count(before: $0) == positions[$0] })
    let events = Dictionary(uniqueKeysWithValues: zip(positions, positions.indices))
    let last = try #require(positions.last)
    #expect((first...last).allSatisfy { gaps.event(at: $0 - first) == events[$0] })
    #expect(first + Int64(positions.count) - 1 + gaps.total == last)

    var output = BlockOutput()
    gaps.append(to: &output)
    // Two bytes for a gap, where gaps are small.
    if kind == 1 { #expect(output.bytes.count < 2 * positions.count + 100) }
    var input = BlockInput(output.bytes)
    #expect(PositionGaps(from: &input, eventCount: positions.count) == gaps)
    for length in 0..<min(output.bytes.count, 100) {
      var cut = BlockInput(Array(output.bytes.prefix(length)))
      #expect(PositionGaps(from: &cut, eventCount: positions.count) == nil)
    }
  }

  @Test("gaps that lie behind the last event are refused")
  func damaged() {
    var output = BlockOutput()
    PositionGaps(in: [1, 2, 9]).append(to: &output)
    var input = BlockInput(output.bytes)
    #expect(PositionGaps(from: &input, eventCount: 2) == nil)
  }
}
