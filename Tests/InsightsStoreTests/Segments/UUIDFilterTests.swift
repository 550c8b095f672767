@testable import InsightsSegments
import InsightsTestSupport
import Testing

@testable import InsightsStore

@Suite("filters of UUIDs")
struct UUIDFilterTests {
  private static func uuid(_ random: inout SeededGenerator) -> String {
    var text: [UInt8] = []
    UUID(high: random.next(), low: random.next()).append(to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  @Test("every UUID of a message is in the filter, wherever it stands", arguments: 0..<8)
  func complete(seed: UInt64) {
    var random = SeededGenerator(state: seed)
    var builder = UUIDFilterBuilder()
    let encoder = TemplateEncoder()
    var messages: [[UInt8]] = []
    for _ in 0..<300 {
      let pieces = [
        "-", " ", "a", "0", "12.5", "id=", "x1-", "7f1c0a52-", "7f1c0a52-6a1e-4d0b-9c36-2f60",
        "\u{e9}", "{\"key\":\"value\"} and more", "2026-01-01T00:00:00.123",
      ]
      // One in four begins like JSON, whose strings are variables where templates are many.
      var message = Int.random(in: 0..<4, using: &random) == 0 ? "{\"a\":\"b\", \"c\":\"" : ""
      for _ in 0..<Int.random(in: 0...12, using: &random) {
        message += pieces.randomElement(using: &random) ?? ""
        if Int.random(in: 0..<3, using: &random) == 0 { message += Self.uuid(&random) }
      }
      let bytes = Array(message.utf8)
      messages.append(bytes)
      bytes.withUnsafeBufferPointer {
        builder.add($0)
        encoder.append($0, timestamp: nil)
      }
    }
    let all = messages.flatMap { UUID.all(in: $0) }
    #expect(all.count > 300)
    for filter in [builder.finish(), encoder.uuidFilter(of: encoder.uuids)] {
      for uuid in all { #expect(filter?.mayContain(uuid.filterHash) == true) }
    }
  }

  @Test("few that do not occur are in the filter", arguments: [1, 10, 1000, 20_000])
  func selective(count: Int) throws {
    // Numbered ones, which are not random at all.
    let filter = try #require(
      UUIDFilter((0..<count).map { UUID(high: 7, low: UInt64($0)).filterHash }))
    for number in 0..<count {
      #expect(filter.mayContain(UUID(high: 7, low: UInt64(number)).filterHash))
    }
    let wrong = (0..<10_000).count {
      filter.mayContain(UUID(high: 8, low: UInt64($0)).filterHash)
    }
    #expect(wrong < 400)
  }

  @Test("there is no filter without a UUID")
  func empty() {
    var builder = UUIDFilterBuilder()
    let text = Array(
      "7f1c0a52-6a1e-4d0b-9c36-2f60d7a5be1 7F1C0A52-6A1E-4D0B-9C36-2F60D7A5BE10".utf8)
    text.withUnsafeBufferPointer { builder.add($0) }
    #expect(builder.finish() == nil)
    #expect(UUIDFilter(bytes: []) == nil)
  }
}
