@testable import InsightsSegments
internal import InsightsSQLite
import InsightsTestSupport
import InsightsText
import Testing

@testable import InsightsStore

@Suite("Fields of templates")
struct TemplateFieldTests {
  private static func store(_ messages: [[UInt8]]) throws -> StoredSegment {
    let times = messages.indices.map { Int64?(Int64(1_767_225_600_000 + $0)) }
    return try StoredSegment(messages, timestamps: times) { message, _, leaves, columns in
      columns.jsonOffset = leaves.readFirstObject(in: message)
    }
  }

  /// A value as text: `n` and the number, or `t` and the text; `nil` without one.
  private static func shown(_ value: FieldValue?) -> String? {
    switch value {
    case .integer(let integer): "n\(Double(integer))"
    case .real(let real): "n\(real)"
    case .text(let text): "t" + String(decoding: text, as: UTF8.self)
    case .unescaped(let text): "t" + String(decoding: text, as: UTF8.self)
    case nil: nil
    }
  }

  private static func shown(_ column: FieldColumn) -> [String?] {
    switch column {
    case .integers(let values):
      values.map { $0 == SegmentReader.missing ? nil : shown(.integer($0)) }
    case .reals(let values): values.map { $0.isNaN ? nil : shown(.real($0)) }
    case .dictionary(let values, let texts, let indexes):
      indexes.map { index in
        guard index != SegmentReader.noIndex else { return nil }
        switch values[Int(index)] {
        case .integer(let integer): return shown(.integer(integer))
        case .real(let real): return shown(.real(real))
        case .text(let text): return shown(.unescaped(Array(texts.bytes[texts.range(of: text)])))
        }
      }
    case .inMessages: []
    }
  }

  /// What `JSONScanner` finds in a message.
  private static func value(_ name: [UInt8], in message: [UInt8]) -> String? {
    message.withUnsafeBufferPointer { message in
      name.withUnsafeBufferPointer { name in
        guard let object = JSONScanner.firstObject(in: message),
          let value = JSONScanner.field(name, in: message, objectAt: object), value.kind != .null
        else { return nil }
        return shown(FieldValue(value.kind, UnsafeBufferPointer(rebasing: message[value.range])))
      }
    }
  }

  /// Compares all columns with what stands in the messages; gives how many fields templates have.
  private static func check(_ messages: [[UInt8]]) throws -> Int {
    let stored = try store(messages)
    let reader = try stored.reader()
    var count = 0
    for (index, field) in stored.directory.fields.enumerated() where field.kind != .inMessages {
      if field.kind == .templates { count += 1 }
      let name = stored.fieldNames[index]
      let column = Self.shown(try reader.field(at: index))
      let expected = messages.map { value(name, in: $0) }
      #expect(column == expected, "\(String(decoding: name, as: UTF8.self))")
      for step in [1, 2, 7] {
        let events = stride(from: step / 2, to: messages.count, by: step)
        guard let some = try reader.numbers(ofField: index, of: events.map { UInt16($0) }) else {
          continue
        }
        #expect(Self.shown(some) == events.map { expected[$0] })
      }
      for case let value? in expected {
        let text = value.dropFirst()
        if let number = Double(text) {
          #expect(field.bounds?.contains(number) == true || field.hasText)
        } else {
          #expect(field.hasText)
        }
      }
    }
    return count
  }

  private static let values = [
    "0", "-7", "12.50", "-0.5", "1e5", "-0", "123456789012345678901", "9007199254740993", "true",
    "false", "null", "\"a b\"", "\"x1\"", "\"12\"", "\"-3.25\"", "\"\"", "\"\\n1\"",
    "\"a\\u00e91\"", "\"\\\\2\"", "\"\u{e9}1\"", "\"2026-01-01T00:00:00.123Z\"",
    "\"2026-01-01 00:00:00\"", "\"9974d75b-3338-44fe-a179-0134676b1000\"", "[1, 2]", "[]", "{}",
    "{\"deep\": 5}", "\"order 5 of 7\"", "\"10.0.0.1\"",
  ]

  /// Messages of `layoutCount` layouts; a value of one kind stands at each place, but for some.
  private static func messages(
    _ count: Int, layoutCount: Int, seed: UInt64
  ) -> [[UInt8]] {
    var generator = SeededGenerator(state: seed)
    func value(_ kind: Int) -> String {
      switch kind {
      case 0: "\(Int.random(in: 0...99, using: &generator))"
      case 1: "\(Int64.random(in: .min ... .max, using: &generator))"
      case 2: "\(Double(Int.random(in: -99_999...99_999, using: &generator)) / 100)"
      case 3: "\"k\(Int.random(in: 0...9, using: &generator))\""
      case 4: ["\"INFO\"", "\"WARN\"", "\"ERROR\""][Int.random(in: 0..<3, using: &generator)]
      case 5:
        "\"9974d75b-3338-44fe-a179-0134676b\(Int.random(in: 1000...9999, using: &generator))\""
      case 6: "\"2026-01-01T00:00:00.\(Int.random(in: 100...999, using: &generator))Z\""
      case 7: "\"\(Int.random(in: 0...9999, using: &generator))\""
      default: Self.values.randomElement(using: &generator) ?? "0"
      }
    }
    let layouts = (0..<layoutCount).map { number in
      (0..<Int.random(in: 1...6, using: &generator)).map { _ in
        (
          name: ["a", "b", "c", "d.e", "f", "k\(number)"].randomElement(using: &generator) ?? "a",
          kind: Int.random(in: 0...8, using: &generator)
        )
      }
    }
    return (0..<count).map { _ in
      let layout = layouts.randomElement(using: &generator) ?? []
      var text = "{"
      for (number, member) in layout.enumerated() {
        let kind = Int.random(in: 0..<40, using: &generator) == 0 ? 8 : member.kind
        text += (number == 0 ? "" : ", ") + "\"\(member.name)\": \(value(kind))"
      }
      text += "}"
      switch Int.random(in: 0..<60, using: &generator) {
      case 0: text = " " + text + "\n"
      case 1: text.removeLast()
      case 2: text = "at 5 " + text
      case 3: text += " and more"
      default: break
      }
      return Array(text.utf8)
    }
  }

  @Test(
    "every value is that which stands in its message", arguments: 1...3 as ClosedRange<UInt64>,
    [1, 3, 40, 1000])
  func sameValues(seed: UInt64, count: Int) throws {
    for layoutCount in [1, 5, 200] {
      _ = try Self.check(Self.messages(count, layoutCount: layoutCount, seed: seed))
    }
  }

  @Test("every kind of value at every place, alone and many times")
  func kinds() throws {
    for value in Self.values {
      let one = Array("{\"a\": \(value), \"b\": 1}".utf8)
      _ = try Self.check([one])
      _ = try Self.check(Array(repeating: one, count: 10))
      let others = Self.values.flatMap { other in
        [one, Array("{\"a\": \(other), \"b\": 2}".utf8)]
      }
      _ = try Self.check(others + others)
    }
  }

  @Test("fields of lines of one layout have no column of their own", arguments: [10, 5000])
  func noColumns(count: Int) throws {
    let messages = (0..<count).map {
      Array(
        """
        {"level":"INFO","n":\($0),"d":\(Double($0) / 8),"who":"u\($0 % 7)","http":{"status":200}}
        """.utf8)
    }
    #expect(try Self.check(messages) == 5)
    let stored = try Self.store(messages)
    let numbers = try stored.directory.fields.indices.filter {
      try stored.reader().numbers(ofField: $0, of: [1, 4]) != nil
    }
    #expect(numbers.count == 3)
    let statement = try stored.connection.prepare(
      "SELECT count(*) FROM segment_blocks WHERE id & 65535 >= 64")
    #expect(try statement.step() && statement.integer(at: 0) == 0)
  }

  @Test("rare templates leave their values to a column of its own", arguments: [200, 3000])
  func rest(count: Int) throws {
    // One in 50 has a member more, by whose name it is the only one of its template.
    func message(_ number: Int) -> [UInt8] {
      let letters = String(
        decoding: [UInt8(97 + number / 26 % 26), UInt8(97 + number % 26)], as: UTF8.self)
      let rare = number % 50 == 0 ? ",\"only_\(letters)\":true" : ""
      return Array(
        """
        {"n":\(number),"d":\(Double(number) / 8),"close":\(number % 40),"who":"u\(number % 7)"\(rare)}
        """.utf8)
    }
    let messages = (0..<count).map(message)
    let stored = try Self.store(messages)
    let isBoth = stored.directory.fields.indices.filter {
      stored.directory.fields[$0].kind == .templates
    }
    #expect(isBoth.count == 4)
    let statement = try stored.connection.prepare(
      "SELECT count(*) FROM segment_blocks WHERE id & 65535 IN (64, 65, 66, 67)")
    #expect(try statement.step() && statement.integer(at: 0) == 4)
    _ = try Self.check(messages)
  }

  @Test("what could be another leaf with other variables is read from the messages")
  func otherLeaves() throws {
    // The same template: a variable is the key, an escape, the end of the object.
    let families = [
      ["{\"k1\": 1}", "{\"k2\": 1}", "{\"k1\": 2}"],
      ["{\"a\": \"\\n1\"}", "{\"a\": \"\\t1\"}", "{\"a\": \"\\x1\"}"],
      ["{\"a\": 1, \"a\": 2}", "{\"a\": 3, \"a\": 4}"], ["{\"a\": 01}", "{\"a\": 02}"],
      ["{\"a\": 1} {\"b\": 2}", "{\"a\": 3} {\"b\": 4}"],
    ]
    for family in families { _ = try Self.check(family.map { Array($0.utf8) }) }
  }

  @Test("a block of fields with any other byte gives values or an error")
  func damage() throws {
    let messages = (0..<50).map { Array("{\"n\":\($0),\"who\":\"u\($0 % 7)\"}".utf8) }
    var generator = SeededGenerator(state: 8)
    var refused = 0
    for _ in 0..<200 {
      let stored = try Self.store(messages)
      let id = SegmentColumn.messages(.fields).blockID(ofSegment: 1)
      let bytes = (0..<Int.random(in: 0...8, using: &generator)).map { _ in
        String(UInt8.random(in: 0...40, using: &generator), radix: 16).leftPadded
      }
      try stored.connection.execute(
        "UPDATE segment_blocks SET data = x'00\(bytes.joined())' WHERE id = \(id)")
      do { _ = try stored.reader().field(at: 0) } catch { refused += 1 }
    }
    #expect(refused > 100)
  }
}

extension String {
  /// Two hexadecimal digits.
  fileprivate var leftPadded: String { count < 2 ? "0" + self : self }
}
