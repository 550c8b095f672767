@testable import InsightsSegments
import InsightsTestSupport
import InsightsText
import Testing

@testable import InsightsStore

@Suite("Captures in templates")
struct TemplateCapturesTests {
  /// What templates tell of a capture: a text for each event, `nil` without; which are open.
  private struct Found {
    var texts: [String?]
    var numbers: [NumericText.Number?]
    var isOpen: [Bool]
  }

  private static func number(_ text: [UInt8]) -> NumericText.Number? {
    text.withUnsafeBufferPointer { NumericText.number($0) }
  }

  private static func values(_ column: FieldColumn) -> [FieldValue?] {
    switch column {
    case .integers(let values):
      values.map { $0 == SegmentReader.missing ? nil : .integer($0) }
    case .reals(let values): values.map { $0.isNaN ? nil : .real($0) }
    case .dictionary(let values, let texts, let indexes):
      indexes.map { index in
        guard index != SegmentReader.noIndex else { return nil }
        switch values[Int(index)] {
        case .integer(let integer): return .integer(integer)
        case .real(let real): return .real(real)
        case .text(let text): return .unescaped(Array(texts.bytes[texts.range(of: text)]))
        }
      }
    case .inMessages: []
    }
  }

  private static func found(
    _ number: Int, of glob: GlobPattern, _ encoded: EncodedTemplates
  ) throws -> Found {
    let (templates, composer) = try #require(encoded.reader())
    let captures = try #require(TemplateCaptures(glob, in: templates))
    func column(asNumbers: Bool) throws -> [FieldValue?] {
      var column = TemplateFieldColumn(
        captures.fields(ofCapture: number, asNumbers: asNumbers), templates, composer,
        keepsIntegers: true)
      let values = column.column(with: nil)
      return Self.values(try #require(values))
    }
    let open = captures.openTemplates(ofCapture: number)
    let indexes = try #require(templates.indexes())
    return Found(
      texts: try column(asNumbers: false).map { value in
        switch value {
        case .unescaped(let text): return String(decoding: text, as: UTF8.self)
        case nil: return nil
        case let other?:
          Issue.record("a capture is text, not \(other)")
          return nil
        }
      },
      numbers: try column(asNumbers: true).map { value in
        switch value {
        case .integer(let integer): .integer(integer)
        case .real(let real): .real(real)
        case .unescaped(let text): Self.number(text)
        case .text, nil: nil
        }
      },
      isOpen: indexes.map { open?[Int($0)] ?? false })
  }

  /// Compares with a search of every message; gives how many values templates tell.
  private static func check(
    _ pattern: String, _ encoded: EncodedTemplates, _ messages: [[UInt8]]
  ) throws -> Int {
    let glob = GlobPattern(pattern)
    var count = 0
    for number in 0..<glob.captureCount {
      let found = try found(number, of: glob, encoded)
      for (event, message) in messages.enumerated() where !found.isOpen[event] {
        var captures: [Range<Int>] = []
        let isMatch = message.withUnsafeBufferPointer { glob.captures(in: $0, into: &captures) }
        let text = isMatch ? Array(message[captures[number]]) : nil
        let shown = text.map { String(decoding: $0, as: UTF8.self) }
        #expect(
          found.texts[event] == shown,
          "\(pattern), \(number), of \(String(decoding: message, as: UTF8.self))")
        #expect(found.numbers[event] == text.flatMap(Self.number))
        count += isMatch ? 1 : 0
      }
      for event in messages.indices where found.isOpen[event] {
        #expect(found.texts[event] == nil && found.numbers[event] == nil)
      }
    }
    return count
  }

  @Test("globs of pieces of messages", arguments: 1...8 as ClosedRange<UInt64>)
  func pieces(seed: UInt64) throws {
    var samples = TemplateSamples(seed: seed)
    let messages = samples.messages(300)
    let encoded = EncodedTemplates(messages, timestamps: samples.timestamps(300))
    var generator = SeededGenerator(state: seed)
    var told = 0
    for _ in 0..<150 {
      let text = String(
        decoding: messages.randomElement(using: &generator) ?? [], as: UTF8.self)
      // Runs of the message become captures.
      var pattern = ""
      var isCapture = false
      for character in text.prefix(120) where character != "*" {
        if Int.random(in: 0..<6, using: &generator) == 0 {
          isCapture.toggle()
          if isCapture { pattern += "*" }
        }
        if !isCapture { pattern.append(character) }
      }
      told += try Self.check(pattern, encoded, messages)
    }
    #expect(told > 200)
  }

  @Test("captures of one slot, of static text, and of both", arguments: [1, 10, 1000])
  func kinds(count: Int) throws {
    let messages = (0..<count).flatMap { number -> [[UInt8]] in
      [
        "user=u\(number % 5) took=\(number).5ms size=\(number) at=2026-01-01T00:00:00.123Z",
        "user=root took=\(number)ms size=-\(number + 1) path=/a/\(number)/b?x=1",
        "size=007 id=9974d75b-3338-44fe-a179-0134676b1b69 user=a b c", "no fields", "",
      ].map { Array($0.utf8) }
    }
    let encoded = EncodedTemplates(messages)
    for (pattern, least) in [
      ("user=* took=*ms", 0), ("took=*ms size=* ", 0), ("size=*", 0), ("* *", 2), ("*", 1),
      ("user=**took", 2), ("id=* user=* b*", 3), ("path=*?", 0), ("at=*", 0), ("*no fields*", 2),
      ("took=*5", 0), ("=*", 0), ("*=*=*", 0), ("nowhere=*", 0), ("*\u{e9}*", 0),
    ] {
      let told = try Self.check(pattern, encoded, messages)
      #expect(told >= least * count, "\(pattern)")
    }
  }

  @Test("long literals are asked of the messages")
  func longLiterals() throws {
    let long = String(repeating: "ab ", count: 40)
    let messages = (0..<50).map { Array("\($0) \(long)x=\($0) \(long.dropLast(9))x=5".utf8) }
    let encoded = EncodedTemplates(messages)
    _ = try Self.check("\(long)x=* *", encoded, messages)
    _ = try Self.check("* \(long)y=*", encoded, messages)
    _ = try Self.check("\(long.prefix(60))*", encoded, messages)
  }

  @Test("what no message can have is told without variables")
  func nowhere() throws {
    let messages = (0..<500).map { Array("user=\($0) action=buy".utf8) }
    var encoded = EncodedTemplates(messages)
    encoded.blocks[.variables(.integers)] = nil
    let (templates, _) = try #require(encoded.reader())
    for (pattern, isNowhere) in [("status=*", true), ("user=* action=*", false)] {
      let captures = try #require(TemplateCaptures(GlobPattern(pattern), in: templates))
      #expect(captures.isNowhere == isNowhere)
      #expect(captures.openTemplates(ofCapture: 0) == nil)
    }
  }
}
