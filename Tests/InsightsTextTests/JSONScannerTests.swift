import InsightsTestSupport
import InsightsText
import Testing

@Suite("JSONScanner")
struct JSONScannerTests {
  private func scan<Result>(
    _ text: String, _ body: (UnsafeBufferPointer<UInt8>) -> Result
  ) -> Result {
    Array(text.utf8).withUnsafeBufferPointer(body)
  }

  private func field(_ path: String, of json: String) -> String? {
    scan(json) { bytes in
      scan(path) { path in
        JSONScanner.field(path, in: bytes, objectAt: 0).map {
          String(decoding: bytes[$0.range], as: UTF8.self)
        }
      }
    }
  }

  private func fields(of json: String) -> [String] {
    scan(json) { bytes in
      var names: [String] = []
      JSONScanner.forEachField(in: bytes, objectAt: 0) { name, _ in
        names.append(String(decoding: name, as: UTF8.self))
      }
      return names
    }
  }

  @Test(
    "valid JSON is a value to its end",
    arguments: [
      "{}", "[]", " {\"a\": [1, -0.5e+3, true, false, null]} ", "\"\\u00e9\\n\"", "0", "-12.5E2",
      "[[[]]]",
    ])
  func valid(_ json: String) {
    #expect(scan(json) { JSONScanner.value(in: $0, at: 0) != nil })
  }

  @Test(
    "what is no JSON is no value",
    arguments: [
      "", "{", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "[1,]", "{a:1}", "'a'", "\"a", "\"\\x\"",
      "\"\\u12\"", "\"\u{01}\"", "tru", "-", "1.", ".5", "1e", "{\"a\":1 \"b\":2}", "\"\\",
    ])
  func invalid(_ json: String) {
    #expect(scan(json) { JSONScanner.value(in: $0, at: 0) == nil })
  }

  @Test("an offset outside the text is no value", arguments: [-1, 3, Int.max])
  func offsets(_ offset: Int) {
    #expect(scan("{}") { JSONScanner.value(in: $0, at: offset) == nil })
    #expect(scan("{}") { JSONScanner.field($0, in: $0, objectAt: offset) == nil })
  }

  @Test("nesting is followed to the limit and no further")
  func depth() {
    let limit = JSONScanner.depthLimit
    for (levels, isValue) in [(limit, true), (limit + 1, false), (1_000_000, false)] {
      let json = String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
      #expect(scan(json) { JSONScanner.value(in: $0, at: 0) != nil } == isValue)
    }
  }

  @Test(
    "the first object is the first that is whole and has a member",
    arguments: [
      ("{\"a\":1}", 0), ("text {\"a\":1} {\"b\":2}", 5), ("{x} {} {\"a\":{}}", 7),
      ("{\"a\":{\"b\":1}", 5),
    ])
  func firstObject(_ json: String, _ offset: Int) {
    #expect(scan(json) { JSONScanner.firstObject(in: $0) } == offset)
  }

  @Test(
    "text without an object has none, however it tries",
    arguments: ["", "no braces", "{}", "{", String(repeating: "{", count: 1_000_000)])
  func noObject(_ json: String) {
    #expect(scan(json) { JSONScanner.firstObject(in: $0) } == nil)
  }

  @Test("broken nested objects cost a bounded number of tries")
  func boundedWork() {
    let json = String(repeating: "{\"k\":[1,2,", count: 20_000)
    #expect(scan(json) { JSONScanner.firstObject(in: $0) } == nil)
  }

  @Test(
    "a field is found by its flattened name",
    arguments: [
      ("a", "1"), ("b.c", "x"), ("items.0.id", "7"), ("items.1.id", "8"), ("d.e", "dotted"),
      ("@@t", "9"), ("é", "accent"),
    ])
  func fieldNames(_ path: String, _ value: String) {
    let json =
      "{\"a\":1,\"b\":{\"c\":\"x\"},\"items\":[{\"id\":7},{\"id\":8}],\"d.e\":\"dotted\","
      + "\"@t\":9,\"\\u00e9\":\"accent\",\"n\":null}"
    #expect(field(path, of: json) == value)
  }

  @Test(
    "a name that leads to no leaf finds nothing",
    arguments: [
      "", "b", "n", "items", "items.00.id", "items.2.id", "a.b", "@t", "b.", ".b", "b.c.",
    ]
  )
  func missingFields(_ path: String) {
    let json = "{\"a\":1,\"b\":{\"c\":\"x\"},\"items\":[{\"id\":7}],\"@t\":9,\"n\":null}"
    #expect(field(path, of: json) == nil)
  }

  @Test("an empty key is a segment of its own")
  func emptyKey() {
    #expect(field(".a", of: "{\"\":{\"a\":1}}") == "1")
    #expect(field("a", of: "{\"\":{\"a\":1}}") == nil)
  }

  @Test("every leaf but null is a field, in document order")
  func allFields() {
    let json = "{\"a\":1,\"n\":null,\"b\":{\"c\":[true,{\"d\":\"\"}]},\"@x\":0,\"e\":{},\"f\":[]}"
    #expect(fields(of: json) == ["a", "b.c.0", "b.c.1.d", "@@x"])
  }

  @Test("the first 200 leaves exist, nulls counted, the others do not")
  func fieldLimit() {
    let json =
      "{" + (0..<250).map { "\"k\($0)\":\($0 == 0 ? "null" : "1")" }.joined(separator: ",") + "}"
    #expect(fields(of: json).count == 199)
    #expect(field("k199", of: json) == "1")
    #expect(field("k200", of: json) == nil)
  }

  @Test("both ways to the fields agree")
  func waysAgree() {
    let json = "{\"a\":{\"b\":[1,[2,3]],\"c\":{\"d\":4}},\"@e\":{\"@f\":5}}"
    for name in fields(of: json) { #expect(field(name, of: json) != nil, "\(name)") }
  }

  @Test(
    "escapes are resolved",
    arguments: [
      ("a\\n\\t\\\"\\\\\\/b", "a\n\t\"\\/b"), ("\\u00e9", "é"), ("\\ud83d\\ude00", "😀"),
      ("\\ud83d", "\u{FFFD}"), ("\\ude00x", "\u{FFFD}x"), ("\\ud83d\\u0041", "\u{FFFD}A"),
      ("", ""),
    ])
  func unescape(_ escaped: String, _ text: String) {
    let bytes = scan(escaped) { bytes in
      var output: [UInt8] = []
      JSONScanner.appendUnescaped(0..<bytes.count, of: bytes, to: &output)
      return output
    }
    #expect(String(decoding: bytes, as: UTF8.self) == text)
  }

  @Test("a range outside the text and a cut escape do no harm")
  func hostileUnescape() {
    for text in ["ab\\", "\\u", "\\u12", "\\ud83d\\u", "\\q"] {
      scan(text) { bytes in
        var output: [UInt8] = []
        JSONScanner.appendUnescaped(0..<bytes.count + 10, of: bytes, to: &output)
        #expect(!output.isEmpty)
      }
    }
  }

  @Test(
    "a value that is cut is incomplete, a broken one is invalid",
    arguments: ["{\"a\":[1,2", "{\"a\":tr", "\"a\\u00", "12", "{\"a\":\"x", "-"])
  func incomplete(_ json: String) {
    #expect(scan(json) { JSONScanner.outcome(in: $0, at: 0) } == .incomplete)
    let broken = "{\"a\":} and more text behind it"
    #expect(scan(broken) { JSONScanner.outcome(in: $0, at: 0) } == .invalid)
  }

  @Test("members and elements come in order, with their end")
  func iteration() {
    scan("{\"a\":1, \"b\" : [2,3]}") { bytes in
      var members = JSONMembers(of: bytes, objectAt: 0)
      #expect(members.next()?.value.kind == .number)
      let array = members.next()?.value
      #expect(array?.kind == .array)
      #expect(members.next() == nil)
      #expect(members.end == bytes.count)
      var elements = JSONElements(of: bytes, arrayAt: array?.range.lowerBound ?? 0)
      #expect(elements.next() != nil)
      #expect(elements.next() != nil)
      #expect(elements.next() == nil)
      #expect(elements.end == bytes.count - 1)
    }
  }

  @Test("random bytes never trap")
  func randomBytes() {
    var generator = SeededGenerator(state: 42)
    let alphabet = Array("{}[]\",:\\u0019ae.-+ntf@ \n".utf8)
    for _ in 0..<2000 {
      let text = (0..<40).map { _ in alphabet[Int(generator.next() % UInt64(alphabet.count))] }
      text.withUnsafeBufferPointer { bytes in
        _ = JSONScanner.firstObject(in: bytes)
        _ = JSONScanner.outcome(in: bytes, at: 0)
        _ = JSONScanner.field(bytes, in: bytes, objectAt: 0)
        JSONScanner.forEachField(in: bytes, objectAt: 0) { _, _ in }
      }
    }
  }
}
