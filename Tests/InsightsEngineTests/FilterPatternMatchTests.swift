import InsightsEngine
import InsightsIngest
import InsightsModel
import InsightsQuery
import InsightsTestSupport
import InsightsText
import Testing

/// Which messages a filter pattern matches, in a scan and in SQL alone.
@Suite("filter patterns: matches")
struct FilterPatternMatchTests {
  /// The numbers of the messages that match, which must not depend on how scans save work.
  private static func matches(_ pattern: String, _ messages: [String]) throws -> [Int] {
    try matches(pattern, in: engine(of: messages))
  }

  /// A store of these messages, the times of which are their numbers.
  private static func engine(
    of messages: [String], options: ImportOptions = ImportOptions(logGroup: "/g")
  ) throws -> Engine {
    let folder = try TemporaryFolder()
    var lines: [UInt8] = []
    for (number, message) in messages.enumerated() {
      lines.append(contentsOf: "{\"timestamp\":\(1_700_000_000_000 + number),\"message\":".utf8)
      JSONWriter.append(string: message, to: &lines)
      lines.append(contentsOf: "}\n".utf8)
    }
    let path = try folder.write(String(decoding: lines, as: UTF8.self), to: "events.ndjson")
    let (engine, summary) = try Engine.reading([path], options: options)
    try #require(summary.events == messages.count)
    return engine
  }

  private static func matches(_ pattern: String, in engine: Engine) throws -> [Int] {
    let condition = try FilterPattern(pattern).queryText.map { "filter \($0) | " } ?? ""
    let query = SourceText(
      condition + "fields toMillis(@timestamp) as t | sort t asc | limit 10000")
    let rows = try engine.answer(query, options: Binder.Options()).table.rows
    if let difference = try ScanComparison.difference(
      of: query, on: engine, options: Binder.Options(), inFull: false)
    {
      Issue.record("\(difference)")
    }
    return rows.compactMap { row in
      guard case .integer(let time) = row[0] else { return nil }
      return Int(time - 1_700_000_000_000)
    }
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var pattern: String
    var numbers: [Int]
    var testDescription: String { pattern }

    init(_ pattern: String, _ numbers: Int...) {
      self.pattern = pattern
      self.numbers = numbers
    }
  }

  @Test(
    "terms",
    arguments: [
      Case("ERROR", 0, 1, 2, 3, 5), Case("ERROR ARGUMENTS", 2, 3),
      Case("?ERROR ?FAILED", 0, 1, 2, 3, 4, 5),
      Case("ERROR -ARGUMENTS", 0, 1, 5), Case("\" \"", 0, 1, 2, 3, 4, 5, 6), Case("error", 6),
      Case("\"INTERNAL SERVER ERROR\"", 5), Case("\"SERVER INTERNAL\""),
      Case("?ERROR ?ARGUMENTS REQUEST", 0, 1, 4),
      Case("%AUTHORIZED%", 1), Case("%[4][0-1]\\d%", 0, 1, 2), Case("%^\\[INFO%", 4),
      Case("%REQUEST$%", 0, 1),
      Case("-ERROR", 4, 6), Case("?nosuch ?error", 6), Case("\"[ERROR 400]\"", 0),
      Case("RROR", 0, 1, 2, 3, 5),
    ])
  func terms(_ example: Case) throws {
    #expect(
      try Self.matches(
        example.pattern,
        [
          "[ERROR 400] BAD REQUEST", "[ERROR 401] UNAUTHORIZED REQUEST",
          "[ERROR 419] MISSING ARGUMENTS", "[ERROR 420] INVALID ARGUMENTS",
          "[INFO] REQUEST FAILED", "[ERROR 500] INTERNAL SERVER ERROR", "an error in small letters",
        ]) == example.numbers)
  }

  private static let trail = #"""
    {"eventType":"UpdateTrail","sourceIPAddress":"111.111.111.111","arrayKey":["value","another value"],
    "objectList":[{"name":"a","id":1},{"name":"b","id":2}],"SomeObject":null,"cluster.name":"c"}
    """#
  private static let user = #"""
    {"user":{"id":1,"email":"John.Stiles@example.com"},"users":[{"id":2,"email":"John.Doe@example.com"},
    {"id":3,"email":"Jane.Doe@example.com"}],"actions":["GET","PUT","DELETE"],"coordinates":[[0,1,2],[4,5,6],[7,8,9]]}
    """#

  @Test(
    "conditions on JSON",
    arguments: [
      Case("{ $.eventType = \"UpdateTrail\" }", 0), Case("{ $.eventType = UpdateTrail }", 0),
      Case("{ $.eventType = \"Update\" }"), Case("{ $.eventType = Update* }", 0),
      Case("{ $.eventType = *a*e*l }", 0),
      Case("{ $.sourceIPAddress != 123.123.* }", 0), Case("{ $.sourceIPAddress = 111.111.* }", 0),
      Case("{ $.arrayKey[0] = \"value\" }", 0), Case("{ $.arrayKey[1] = \"value\" }"),
      Case("{ $.arrayKey[2] = * }"),
      Case("{ $.eventType = %Trail% }", 0), Case("{ $.eventType != %Trail% }"),
      Case("{ $.arrayKey[*] = %val.{2}% }", 0),
      Case("{ $.* = %111\\.111\\.111\\.1[0-9]{1,2}% }", 0),
      Case("{ $.['cluster.name'] = \"c\" }", 0),
      Case("{ $['cluster.name'] = c }", 0), Case("{ $.cluster.name = \"c\" }"),
      Case("{ $.SomeObject IS NULL }", 0),
      Case("{ $.SomeObject NOT EXISTS }", 1, 2, 3, 4),
      Case("{ $.SomeOtherObject NOT EXISTS }", 0, 1, 2, 3, 4),
      Case("{ $.SomeObject != \"x\" }"), Case("{ $.objectList = \"x\" }"),
      Case("{ $.objectList != \"x\" }"),
      Case("{ $.objectList[1].id = 2 }", 0), Case("{ $.objectList[*].id = 2 }", 0),
      Case("{ $.objectList[*].id > 2 }"),
      Case("{ ($.user.id = 1) && ($.users[0].email = \"John.Doe@example.com\") }", 1),
      Case(
        "{ $.user.email = \"John.Stiles@example.com\" || $.coordinates[0][1] = \"nonmatch\" && $.actions[2] = \"nonmatch\" }",
        1),
      Case(
        "{ ($.user.email = \"John.Stiles@example.com\" || $.coordinates[0][1] = \"nonmatch\") && $.actions[2] = \"nonmatch\" }"
      ),
      Case("{ ($.user.id = 2 && $.users[0].email = \"nonmatch\") || $.actions[2] = \"GET\" }"),
      Case("{ $.coordinates[2][*] >= 9 }", 1), Case("{ $.users[*].email = Jane* }", 1),
      Case("{ $.latency < 50 }", 2), Case("{ $.latency <= 50 }", 2, 3),
      Case("{ $.latency = 49.0 }", 2),
      Case("{ $.n = 1e+3 }", 3), Case("{ $.n != 1000 }", 4), Case("{ $.n = \"1000\" }", 3),
      Case("{ $.n > -1.5e2 }", 3, 4),
      Case("{ $.ok IS TRUE }", 2), Case("{ $.ok IS FALSE }", 3),
      Case("{$.ok is true||$.ok IS FALSE}", 2, 3),
      Case("{ $.nosuch != \"x\" }"), Case("{ $.text = \"a\\\"b/é\" }", 4),
      Case("{ $.text = *b/é }", 4),
      Case("{ $.key = 1 }", 4), Case("{ $.level = ERROR }"),
    ])
  func json(_ example: Case) throws {
    #expect(
      try Self.matches(
        example.pattern,
        [
          Self.trail, Self.user, #"{"latency":49,"ok":true}"#,
          #"  {"latency":"50","n":1000,"ok":false}  "#,
          #"{"te\u0078t":"a\"b\/\u00e9","\u006bey":1,"n":"12"}"#,
          // These are no JSON objects.
          #"ERROR {"level":"ERROR","latency":1}"#, #"[{"level":"ERROR"}]"#, #"{"level":"ERROR""#,
          "\"ERROR\"", "plain level ERROR latency",
        ]) == example.numbers)
  }

  @Test(
    "fields between blanks",
    arguments: [
      Case(
        "[ip=%127\\.0\\.0\\.[1-9]%, user, username, timestamp, request =*.html*, status_code = 4*, bytes]",
        0),
      Case("[..., request =*.html*, status_code = 4*, bytes]", 0),
      Case(
        "[ip, user, username, timestamp, request =*.html*, status_code = 404 || status_code = 410, bytes]",
        0),
      Case("[ip, ..., bytes > 1000]", 0, 1), Case("[ip, ..., bytes >= 1534]", 0),
      Case("[ip, ..., bytes < 1534]", 1, 5),
      Case("[a, b, c, t=\"10/Oct/2000:13:25:15 -0700\", ...]", 0, 1),
      Case("[w1=ERROR, w2]", 2), Case("[w1=ERROR || w1=WARNING, w2]", 2, 3),
      Case("[(w1=ERROR || w1=WARNING), w2]", 2, 3),
      Case("[w1!=ERROR && w1!=WARNING, w2]", 0, 1, 4, 5), Case("[w1=ERROR]"), Case("[w=E*]", 2),
      Case("[logLevel, date, time, method, url=%/service/resource/[0-9]+$%, response_time]", 4),
      Case(
        "[logLevel, date, time, method, url=%/service/resource/[0-9]+/part/[0-9]+$%, response_time]",
        5),
      Case("[logLevel=INFO, ..., response_time > 100]", 5), Case("[a, b, c, d, e, f, g, h]"),
      Case("[...]", 0, 1, 2, 3, 4, 5, 6, 7),
      Case("[a]", 0, 1, 2, 3, 4, 5, 6), Case("[a, b]", 0, 1, 2, 3, 4, 5), Case("[a = \"x y\" ]", 6),
    ])
  func fields(_ example: Case) throws {
    #expect(
      try Self.matches(
        example.pattern,
        [
          #"127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534"#,
          #"127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 200 1500"#,
          "ERROR 09/25/2014 12:00:02 Failed to process request",
          "WARNING 09/25/2014 12:00:01 Something",
          "INFO 09/25/2014 12:00:00 GET /service/resource/67 1200ms",
          "INFO 09/25/2014 12:00:01 POST /service/resource/67/part/111 310",
          #""x y""#, "   ",
        ]) == example.numbers)
  }

  // MARK: Generated patterns

  /// A pattern and what it means, worked out in the plainest way.
  private struct Generated {
    var pattern: String
    var matches: (String) -> Bool
  }

  private static let words = ["ERROR", "warn", "id=7", "x", "time out", "GET"]

  private static func terms(_ random: inout SeededGenerator) -> Generated {
    var texts: [String] = []
    var marks: [(mark: String, word: String)] = []
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let word = words[Int.random(in: 0..<words.count, using: &random)]
      let mark = ["", "", "?", "-"][Int.random(in: 0..<4, using: &random)]
      texts.append(mark + (word.contains(" ") ? "\"\(word)\"" : word))
      marks.append((mark, word))
    }
    return Generated(pattern: texts.joined(separator: " ")) { message in
      let required = marks.filter { $0.mark.isEmpty }
      let optional = marks.filter { $0.mark == "?" }
      return required.allSatisfy { message.contains($0.word) }
        && (!required.isEmpty || optional.isEmpty
          || optional.contains { message.contains($0.word) })
        && marks.allSatisfy { $0.mark != "-" || !message.contains($0.word) }
    }
  }

  /// Conditions on `$.k`, a number, a text or missing, joined as they come.
  private static func json(_ random: inout SeededGenerator) -> Generated {
    var alternatives: [[(text: String, test: (Member?) -> Bool)]] = [[]]
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let number = Int.random(in: 0...5, using: &random)
      let tests: [(text: String, test: (Member?) -> Bool)] = [
        ("= \(number)", { $0?.number == number }),
        ("!= \(number)", { $0?.number.map { $0 != number } ?? false }),
        ("> \(number)", { $0?.number.map { $0 > number } ?? false }),
        ("<= \(number)", { $0?.number.map { $0 <= number } ?? false }),
        ("= \"w\(number)\"", { $0?.text == "w\(number)" }),
        ("!= w\(number)", { $0.map { $0.text != "w\(number)" } ?? false }),
        ("= w*", { $0?.text.hasPrefix("w") ?? false }), ("NOT EXISTS", { $0 == nil }),
        ("= %[0-2]$%", { $0.map { "012".contains($0.text.last ?? "x") } ?? false }),
      ]
      alternatives[alternatives.count - 1].append(
        tests[Int.random(in: 0..<tests.count, using: &random)])
      if Bool.random(using: &random) { alternatives.append([]) }
    }
    alternatives.removeAll { $0.isEmpty }
    let text = alternatives.map { $0.map { "$.k \($0.text)" }.joined(separator: " && ") }
      .joined(separator: " || ")
    return Generated(pattern: "{ \(text) }") { message in
      guard message.hasPrefix("{") else { return false }
      let member = Member(message)
      return alternatives.contains { $0.allSatisfy { $0.test(member) } }
    }
  }

  /// The value of `"k":` in a message of this test.
  private struct Member {
    var text: String
    var number: Int? { Int(text) }

    init?(_ message: String) {
      guard let start = message.firstRange(of: "\"k\":")?.upperBound else { return nil }
      text = message[start...].prefix { $0 != "}" && $0 != "," }.filter { $0 != "\"" }
    }
  }

  private static func fields(_ random: inout SeededGenerator) -> Generated {
    let count = Int.random(in: 1...4, using: &random)
    let gap = Bool.random(using: &random) ? Int.random(in: 0...count, using: &random) : nil
    let index = Int.random(in: 0..<count, using: &random)
    let word = words[Int.random(in: 0..<4, using: &random)]
    let isEqual = Bool.random(using: &random)
    var names = (0..<count).map { "f\($0)" }
    names[index] += isEqual ? " = \"\(word)\"" : " != \"\(word)\""
    if let gap { names.insert("...", at: gap) }
    return Generated(pattern: "[\(names.joined(separator: ", "))]") { message in
      let parts = message.split(separator: " ")
      guard parts.count >= count else { return false }
      let field: String
      if let gap {
        field = String(parts[index < gap ? index : parts.count - count + index])
      } else if index == count - 1, parts.count > count {
        field = String(message[parts[index].startIndex..<parts[parts.count - 1].endIndex])
      } else {
        field = String(parts[index])
      }
      return (field == word) == isEqual
    }
  }

  @Test("generated patterns match what a plain reading of them matches", arguments: 0..<3)
  func generated(kind: Int) throws {
    var random = SeededGenerator(state: UInt64(kind + 1))
    var messages: [String] = []
    for _ in 0..<600 {
      let parts = (0..<Int.random(in: 1...5, using: &random)).map { _ in
        Self.words[Int.random(in: 0..<Self.words.count, using: &random)]
      }
      switch Int.random(in: 0..<(kind == 1 ? 3 : 1), using: &random) {
      case 0: messages.append(parts.joined(separator: " "))
      case 1:
        messages.append("{\"a\":\"\(parts[0])\",\"k\":\(Int.random(in: 0...5, using: &random))}")
      default: messages.append("{\"k\":\"w\(Int.random(in: 0...5, using: &random))\",\"b\":[1]}")
      }
    }
    let engine = try Self.engine(
      of: messages, options: ImportOptions(logGroup: "/g", segmentEventLimit: 100))
    for _ in 0..<60 {
      let generated =
        switch kind {
        case 0: Self.terms(&random)
        case 1: Self.json(&random)
        default: Self.fields(&random)
        }
      // Two regexes at most.
      guard generated.pattern.split(separator: "%").count <= 5 else { continue }
      let expected = messages.indices.filter { generated.matches(messages[$0]) }
      #expect(try Self.matches(generated.pattern, in: engine) == expected, "\(generated.pattern)")
    }
  }
}
