import InsightsText
import Testing

@Suite("regular expressions")
struct RegularExpressionTests {
  private func outcome(_ pattern: String, _ bytes: [UInt8]) throws -> RegularExpressionOutcome {
    let expression = try RegularExpression(pattern: pattern)
    return withBytes(bytes) { expression.matches($0, using: RegularExpressionMatcher()) }
  }

  private func groups(_ pattern: String, _ text: String) throws -> [String?]? {
    let expression = try RegularExpression(pattern: pattern)
    let matcher = RegularExpressionMatcher()
    return withBytes(of: text) { bytes in
      guard expression.firstMatch(in: bytes, using: matcher) == .match else { return nil }
      return (1...expression.captureCount).map { group in
        matcher.range(ofGroup: group).map { String(decoding: bytes[$0], as: UTF8.self) }
      }
    }
  }

  @Test(
    "a search is unanchored and minds letter case",
    arguments: [
      ("timed out", "Task timed out after 3 s", true), ("TIMED", "timed", false),
      ("(?i)TIMED", "timed", true), ("^b", "ab", false), ("", "", true), ("^$", "", true),
      ("é.", "aéb", true), (".", "", false), ("^.$", "日", true), (#"\x00"#, "a\u{0}b", true),
    ])
  func search(pattern: String, text: String, isMatch: Bool) throws {
    #expect(try outcome(pattern, Array(text.utf8)) == (isMatch ? .match : .noMatch))
  }

  @Test("bytes that are no UTF-8 neither match nor stop the search")
  func invalidUTF8() throws {
    #expect(try outcome("ERROR", [0xFF, 0xC3] + Array("ERROR".utf8) + [0xE2, 0x82]) == .match)
    #expect(try outcome("^a.b$", [0x61, 0xFF, 0x62]) == .noMatch)
    #expect(try outcome("(?<=x)y", [0x80, 0x78, 0x79]) == .match)
  }

  @Test("groups give their text, nothing where they took no part, empty text where they matched it")
  func captures() throws {
    #expect(try groups(#"\[(?<level>\S+)\] (.*)"#, "at [INFO] ready") == ["INFO", "ready"])
    #expect(try groups("(a)|(b)", "b") == [nil, "b"])
    #expect(try groups("(b)|(a)", "b") == ["b", nil])
    #expect(try groups("latency := (?<l>.*?)", "latency := 12") == [""])
    #expect(try groups("(x)", "abc") == nil)
  }

  @Test("capture names come in the order of their groups, nil for groups without")
  func names() throws {
    let expression = try RegularExpression(pattern: "(?<zeta>a)(b)(?:c)(?P<alpha>d)")
    #expect(expression.captureNames == ["zeta", nil, "alpha"])
    #expect(expression.captureCount == 3)
    #expect(try RegularExpression(pattern: "a").captureNames.isEmpty)
  }

  @Test("a search can go on behind the last match")
  func next() throws {
    let expression = try RegularExpression(pattern: "[0-9]+")
    let matcher = RegularExpressionMatcher()
    withBytes(of: "a1b22c") { bytes in
      #expect(expression.firstMatch(in: bytes, startingAt: 2, using: matcher) == .match)
      #expect(matcher.range(ofGroup: 0) == 3..<5)
      #expect(expression.firstMatch(in: bytes, startingAt: 5, using: matcher) == .noMatch)
      #expect(matcher.range(ofGroup: 0) == nil)
      #expect(expression.firstMatch(in: bytes, startingAt: 7, using: matcher) == .noMatch)
      #expect(expression.firstMatch(in: bytes, startingAt: -1, using: matcher) == .noMatch)
    }
  }

  @Test(
    "a faulty pattern says what is wrong and where",
    arguments: [("a(b", 3), ("[z-a]", 3), ("*a", 0), (#"(?<n>a)(?<n>b)"#, 12), ("é(", 3)])
  func faults(pattern: String, offset: Int) {
    #expect {
      try RegularExpression(pattern: pattern)
    } throws: { error in
      guard let error = error as? RegularExpressionError else { return false }
      return !error.message.isEmpty && error.offset == offset
    }
  }

  @Test("a runaway pattern is too expensive, which is not the same as no match")
  func tooExpensive() throws {
    let text = [UInt8](repeating: UInt8(ascii: "a"), count: 40) + [UInt8(ascii: "b")]
    #expect(try outcome("(a+)+$", text) == .tooExpensive)
  }

  @Test("a long text that is too deep for compiled code is searched all the same")
  func deep() throws {
    let text = [UInt8](repeating: UInt8(ascii: "a"), count: 300_000) + [UInt8(ascii: "c")]
    #expect(try outcome("^(?:a|b)*c", text) == .match)
  }

  @Test("one matcher serves expressions with any number of groups")
  func manyGroups() throws {
    let matcher = RegularExpressionMatcher()
    let many = try RegularExpression(pattern: String(repeating: "(a)", count: 100))
    withBytes(of: String(repeating: "a", count: 100)) { bytes in
      #expect(many.matches(bytes, using: matcher) == .match)
      #expect(many.firstMatch(in: bytes, using: matcher) == .match)
      #expect(matcher.range(ofGroup: 100) == 99..<100)
      #expect(matcher.range(ofGroup: 101) == nil)
      #expect(matcher.range(ofGroup: -1) == nil)
    }
  }

  @Test("a match that ends before it starts has no range")
  func resetStart() throws {
    let expression = try RegularExpression(pattern: #"(?=ab(?&s))(?(DEFINE)(?<s>\K))"#)
    let matcher = RegularExpressionMatcher()
    withBytes(of: "ab") { bytes in
      #expect(expression.firstMatch(in: bytes, using: matcher) == .match)
      #expect(matcher.range(ofGroup: 0) == nil)
    }
  }

  @Test("one expression is searched from many threads at once")
  func shared() async throws {
    let expression = try RegularExpression(pattern: "n=(?<n>[0-9]+)")
    let matchCount = await withTaskGroup(of: Int.self) { group in
      for worker in 0..<8 {
        group.addTask {
          let matcher = RegularExpressionMatcher()
          return (0..<200).count { number in
            withBytes(of: "w=\(worker) n=\(number)") {
              expression.firstMatch(in: $0, using: matcher) == .match
            }
          }
        }
      }
      return await group.reduce(0, +)
    }
    #expect(matchCount == 1600)
  }
}
