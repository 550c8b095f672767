@testable import InsightsSegments
import InsightsTestSupport
import Testing

@testable import InsightsStore

@Suite("Messages as templates and variables")
struct MessageTemplatesTests {
  @Test("what was taken in comes out byte by byte", arguments: 1...4 as ClosedRange<UInt64>)
  func roundTrip(seed: UInt64) throws {
    var samples = TemplateSamples(seed: seed)
    // One encoder makes one segment after the other.
    let encoder = TemplateEncoder()
    for count in [1, 2, 3, 10, 1000] {
      let messages = samples.messages(count)
      let timestamps = samples.timestamps(count)
      let encoded = EncodedTemplates(messages, timestamps: timestamps, by: encoder)
      let read = try #require(encoded.messages())
      #expect(read == messages)
      let composer = try #require(encoded.reader()).composer
      #expect(composer.byteCounts(of: (0..<UInt16(count)).map { $0 }) == messages.map(\.count))
    }
  }

  @Test("a value of every kind stands by itself, repeated, and beside others")
  func values() throws {
    let values = TemplateSamples.values.map { Array($0.utf8) }
    #expect(EncodedTemplates(values).messages() == values)
    let repeated = (0..<10).flatMap { _ in values }
    #expect(EncodedTemplates(repeated).messages() == repeated)
    let beside = values.flatMap { one in values.map { one + $0 } }
    #expect(EncodedTemplates(Array(beside.prefix(8192))).messages() == Array(beside.prefix(8192)))
  }

  @Test("times are kept exactly beside any time of their event")
  func times() throws {
    let texts = [
      "2026-01-01T00:00:00.123", "0000-01-01T00:00:00.000", "9999-12-31 23:59:59,999",
      "1969-12-31T23:59:59", "2026-01-01 00:00:01",
    ].map { Array($0.utf8) }
    let times: [Int64?] = [nil, 0, -1, .min + 1, .max, 1_767_225_600_999]
    for time in times {
      let encoded = EncodedTemplates(texts, timestamps: texts.map { _ in time })
      #expect(encoded.messages() == texts)
      #expect(encoded.blocks[.variables(.times)]?.isEmpty == false)
    }
  }

  @Test("very long lines are kept: digits, one word, many numbers, random bytes")
  func longLines() throws {
    var generator = SeededGenerator(state: 5)
    let lines: [[UInt8]] = [
      Array(repeating: UInt8(ascii: "7"), count: 1 << 20),
      Array(repeating: UInt8(ascii: "a"), count: 1 << 20),
      Array((0..<20_000).map { "\($0)" }.joined(separator: ",").utf8),
      (0..<1 << 16).map { _ in .random(in: 0...255, using: &generator) },
    ]
    #expect(EncodedTemplates(lines).messages() == lines)
  }

  @Test("single messages are put together without the others")
  func some() throws {
    var samples = TemplateSamples(seed: 77)
    let messages = samples.messages(1000)
    let encoded = EncodedTemplates(messages, timestamps: samples.timestamps(1000))
    for events: [UInt16] in [[], [0], [999], [3, 500, 501], [7, 7, 2]] {
      #expect(encoded.messages(of: events) == events.map { messages[Int($0)] })
    }
  }

  @Test("lines of one layout are one template, and numbers cost what they say")
  func oneTemplate() throws {
    let messages = (0..<8000).map {
      Array("user=\($0) took \(Double($0) / 8) ms of db-\($0 % 4) at 10.0.0.\($0 % 200)".utf8)
    }
    let encoded = EncodedTemplates(messages)
    let templates = try #require(encoded.reader()).templates
    #expect(templates.templates.count == 1)
    #expect(
      templates.slots.map(MessageTemplates.slot) == [
        .integer, .decimal, .text, .integer, .integer, .integer, .integer,
      ])
    #expect(encoded.messages() == messages)
    #expect(encoded.blocks.values.reduce(0) { $0 + $1.count } < 8000 * 7)
  }

  @Test("a block with any other byte gives other messages or none, and never more than it may")
  func damage() throws {
    var samples = TemplateSamples(seed: 3)
    let messages = samples.messages(300)
    let encoded = EncodedTemplates(messages, timestamps: samples.timestamps(300))
    var generator = SeededGenerator(state: 9)
    var refused = 0
    for part in encoded.blocks.keys {
      for _ in 0..<60 {
        var damaged = encoded
        guard var block = damaged.blocks[part], !block.isEmpty else { continue }
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: block.removeLast(Int.random(in: 1...block.count, using: &generator))
        case 1: block.append(.random(in: 0...255, using: &generator))
        default:
          let place = Int.random(in: block.indices, using: &generator)
          block[place] = .random(in: 0...255, using: &generator)
        }
        damaged.blocks[part] = block
        if let read = damaged.messages() { #expect(read.count == 300) } else { refused += 1 }
      }
      var without = encoded
      without.blocks[part] = nil
      #expect(without.messages() == nil)
    }
    #expect(refused > 100)
  }
}
