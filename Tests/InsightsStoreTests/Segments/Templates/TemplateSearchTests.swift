@testable import InsightsSegments
import InsightsTestSupport
import InsightsText
import Testing

@testable import InsightsStore

@Suite("Searches in templates")
struct TemplateSearchTests {
  /// Compares with a search of every message.
  private func check(
    _ literal: [UInt8], ignoresCase: Bool, _ encoded: EncodedTemplates, _ messages: [[UInt8]]
  ) throws {
    guard let search = LiteralSearch(literal, ignoresCase: ignoresCase) else { return }
    let (templates, composer) = try #require(encoded.reader())
    let inTemplates = try #require(TemplateSearch(TemplateLiteral(search), in: templates, composer))
    var isHit = [Bool](repeating: false, count: messages.count)
    let isWhole = inTemplates.mark(&isHit)
    #expect(isWhole)
    let expected = messages.map { message in
      message.withUnsafeBufferPointer { search.firstOffset(in: $0) != nil }
    }
    #expect(isHit == expected, "\(String(decoding: literal, as: UTF8.self))")
  }

  @Test(
    "pieces of messages are found where they are", arguments: 1...6 as ClosedRange<UInt64>)
  func pieces(seed: UInt64) throws {
    var samples = TemplateSamples(seed: seed)
    let messages = samples.messages(400)
    let encoded = EncodedTemplates(messages, timestamps: samples.timestamps(400))
    var generator = SeededGenerator(state: seed)
    for _ in 0..<60 {
      guard let message = messages.randomElement(using: &generator), !message.isEmpty else {
        continue
      }
      let start = Int.random(in: message.indices, using: &generator)
      let longest = Bool.random(using: &generator) ? 4 : 100
      let count = Int.random(in: 1...longest, using: &generator)
      var literal = Array(message[start...].prefix(count))
      if Int.random(in: 0..<4, using: &generator) == 0 {
        literal[Int.random(in: literal.indices, using: &generator)] ^= 1
      }
      let ignoresCase = Bool.random(using: &generator)
      try check(literal, ignoresCase: ignoresCase, encoded, messages)
    }
  }

  @Test(
    "messages with one of several literals are counted once",
    arguments: 1...6 as ClosedRange<UInt64>)
  func counts(seed: UInt64) throws {
    var samples = TemplateSamples(seed: seed)
    let messages = samples.messages(400)
    let encoded = EncodedTemplates(messages, timestamps: samples.timestamps(400))
    var generator = SeededGenerator(state: seed)
    for _ in 0..<60 {
      let literals = (0..<Int.random(in: 1...4, using: &generator)).compactMap { _ in
        let message = messages.randomElement(using: &generator) ?? []
        let start = Int.random(in: 0...message.count, using: &generator)
        return LiteralSearch(
          Array(message[start...].prefix(Int.random(in: 1...12, using: &generator))))
      }
      let (templates, composer) = try #require(encoded.reader())
      let searches = literals.compactMap {
        TemplateSearch(TemplateLiteral($0), in: templates, composer)
      }
      let found = TemplateSearch.count(searches, in: templates)
      let expected = messages.count { message in
        message.withUnsafeBufferPointer { message in
          literals.contains { $0.firstOffset(in: message) != nil }
        }
      }
      #expect(found == expected, "\(literals.map { String(decoding: $0.bytes, as: UTF8.self) })")
    }
  }

  @Test("what static text decides is counted without the events")
  func countsOfTemplates() throws {
    let messages = (0..<500).map { Array("\($0 % 2 == 0 ? "INFO" : "WARN") user \($0)".utf8) }
    var encoded = EncodedTemplates(messages)
    encoded.blocks = encoded.blocks.filter { $0.key == .templates }
    let (templates, composer) = try #require(encoded.reader())
    for (texts, count) in [(["INFO"], 250), (["INFO", "user"], 500), (["ERROR"], 0)] {
      let searches = texts.compactMap { LiteralSearch(Array($0.utf8)) }
        .compactMap { TemplateSearch(TemplateLiteral($0), in: templates, composer) }
      #expect(TemplateSearch.count(searches, in: templates) == count)
    }
  }

  @Test("literals reach from static text over variables and back")
  func overlaps() throws {
    let messages = (0..<300).map {
      let id = "9974d75b-3338-44fe-a179-0134676b1b\(10 + $0 % 90)"
      return Array("took \($0).\($0 % 10) ms, db-\($0 % 3)x, id \(id)!".utf8)
    }
    let encoded = EncodedTemplates(messages)
    for literal in [
      "took 1", "1.1 ms, db-1x, id 9", "ms, db-", "-2", "x, id 9974d75b", "b99!", "0134676b1b10!",
      "took 299.9 ms, db-2x, id 9974d75b-3338-44fe-a179-0134676b1b", "29", "299", "2999", ".",
      "9.9",
      "took 7.7 ms, db-1x, id 9974d75b-3338-44fe-a179-0134676b1b17! and more than there is",
    ] {
      for ignoresCase in [false, true] {
        try check(Array(literal.utf8), ignoresCase: ignoresCase, encoded, messages)
      }
    }
  }

  @Test("letters beyond ASCII whose lower case is k or s may be any end of a literal")
  func unicodeCase() throws {
    let texts = [
      "mistake 1ſtake", "a1\u{212A}elvin", "task-7", "TASK-8", "taſk-9", "desk\u{212A}5",
    ]
    let messages = (0..<60).map { Array("no \($0): \(texts[$0 % texts.count]) end".utf8) }
    let encoded = EncodedTemplates(messages)
    for literal in ["task", "mistake", "elvin", "kelvin", "desk", "sk-", "take", "end"] {
      try check(Array(literal.utf8), ignoresCase: true, encoded, messages)
    }
  }

  @Test("what templates and dictionaries rule out reads no variables")
  func templatesFirst() throws {
    let messages = (0..<500).map { Array("INFO user \($0) of db-\($0 % 3) took \($0 / 7) ms".utf8) }
    var encoded = EncodedTemplates(messages)
    encoded.blocks[.variables(.integers)] = nil
    encoded.blocks[.variables(.texts)] = nil
    for (literal, count) in [("ERROR", 0), ("INFO", 500), ("db-4", 0), ("user x", 0)] {
      let (templates, composer) = try #require(encoded.reader())
      let search = try #require(LiteralSearch(Array(literal.utf8)))
      let inTemplates = try #require(
        TemplateSearch(TemplateLiteral(search), in: templates, composer))
      var isHit = [Bool](repeating: false, count: messages.count)
      let isWhole = inTemplates.mark(&isHit)
      #expect(isWhole)
      #expect(!inTemplates.hasReadVariables)
      #expect(isHit.count { $0 } == count)
    }
  }
}
