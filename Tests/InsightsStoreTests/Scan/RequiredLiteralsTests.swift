@testable import InsightsScan
import InsightsText
import Testing

@testable import InsightsStore

@Suite("literals that a pattern requires")
struct RequiredLiteralsTests {
  @Test(
    "each alternative has one",
    arguments: [
      ("plain", ["plain"]), ("user=\\d+ action|refused", [" action", "refused"]),
      ("\\b(Throttling|Limit)Exc", ["Throttling", "Limit"]), ("(ab|cd)Exception", ["Exception"]),
      ("\\b(Too|Many)\\b|Rate Exceeded\\.", ["Too", "Many", "Rate Exceeded."]),
      ("^\\([0-9a-f]{3}\\) (Method|[^{]*(denied|Forbidden))", ["Method", "denied", "Forbidden"]),
      ("(?<kind>INIT|RESTORE)x", ["INIT", "RESTORE"]), ("(?P<kind>ERR|WARN)", ["ERR", "WARN"]),
      ("(?:(abc|de)|(f.|ghi))z", []), ("(?i)(Timeout|refused)", ["timeout", "refused"]),
      ("(a\\(b|c[)]dd)", ["a(b", "dd"]), ("(abc)+", ["abc"]),
    ])
  func found(pattern: String, literals: [String]) {
    let searches = RequiredLiterals(ofPattern: pattern).searches
    let found = searches.map { String(decoding: $0.bytes, as: UTF8.self) }
    #expect(found.map { $0.lowercased() } == literals.map { $0.lowercased() })
  }

  @Test(
    "nothing is required where it may be missing, or stands only beside the match",
    arguments: [
      "(abc|def)?", "(abc)*", "(abc){0,3}", "(?!abc)", "(?<!abc)", "(?=abc)", "(?<=abc)", "(abc|)",
      "(abc|d?)", "(abc", "abc)", "x(?#abc)", "(?i:abc)", "(*UTF)abc", "(a|b|cd)",
      "([[:alpha:]]abc)",
    ])
  func none(pattern: String) {
    #expect(RequiredLiterals(ofPattern: pattern).searches.isEmpty)
  }

  @Test(
    "a literal is enough where it is all of an alternative",
    arguments: [
      ("plain", [true]), ("ERROR|WARN", [true, true]), ("db\\.x|\\d+ ms", [true, false]),
      ("(?i)timeout|refu.ed", [true, false]), ("(?i)task|error", [false, true]),
      ("^abc|abd$|abe+", [false, false, false]), ("(abc)|abd", [false, true]),
      ("ab]c|ab}d|ab#e", [false, false, false]), ("abé|\u{9}ab|abc", [false, false, true]),
    ])
  func sufficient(pattern: String, isWhole: [Bool]) {
    #expect(RequiredLiterals(ofPattern: pattern).isWhole == isWhole)
  }

  @Test("groups of any depth are read without harm")
  func deep() {
    let depth = 200
    let pattern =
      String(repeating: "(", count: depth) + "abc" + String(repeating: ")", count: depth) + "de"
    let searches = RequiredLiterals(ofPattern: pattern).searches
    #expect(searches.map { String(decoding: $0.bytes, as: UTF8.self) } == ["de"])
  }
}
