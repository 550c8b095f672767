import InsightsText
import Testing

@Suite("glob patterns")
struct GlobPatternTests {
  private func captures(_ pattern: String, _ text: String) -> [String]? {
    let glob = GlobPattern(pattern)
    var ranges = [0..<0]
    return withBytes(of: text) { bytes in
      guard glob.captures(in: bytes, into: &ranges) else {
        #expect(ranges.isEmpty)
        return nil
      }
      #expect(ranges.count == glob.captureCount)
      return ranges.map { String(decoding: bytes[$0], as: UTF8.self) }
    }
  }

  @Test("a glob: each star takes the shortest run up to the next literal")
  func shortest() {
    let message =
      "25 May 2019 10:24:39,474 [ERROR] {foo=2, bar=data} The error was: DataIntegrityException"
    #expect(
      captures("[*] * The error was: *", message)
        == ["ERROR", "{foo=2, bar=data}", "DataIntegrityException"])
    #expect(captures("user=*, ", "user=a, b, c") == ["a"])
    #expect(captures("Status Code: *;", "x Status Code: 404; y;") == ["404"])
    #expect(captures("Status Code: *;", "hello") == nil)
  }

  @Test("a glob: a star at the end takes the rest, newlines too; one at the start begins the text")
  func ends() {
    #expect(captures("error: *", "an error: a\n  b\n") == ["a\n  b\n"])
    #expect(captures("* Tokens Consumed: *", "r1 Tokens Consumed: 9") == ["r1", "9"])
    #expect(
      captures("*/*/*/*", "2023/01/02/[$LATEST]abc/d") == ["2023", "01", "02", "[$LATEST]abc/d"])
    #expect(captures("*", "all of it") == ["all of it"])
    #expect(captures("*", "") == [""])
    #expect(captures("a*", "xa") == [""])
  }

  @Test("a glob: stars may stand side by side, and literals may be missing altogether")
  func degenerate() {
    #expect(captures("a**b", "a12b") == ["", "12"])
    #expect(captures("**", "xy") == ["", "xy"])
    #expect(captures("*b", "aab") == ["aa"])
    #expect(captures("tuples: ", "the tuples: 1") == [])
    #expect(captures("tuples: ", "the rows: 1") == nil)
    #expect(captures("", "anything") == [])
  }

  @Test("a glob: special characters of other pattern languages are literal")
  func literal() {
    #expect(captures("[a-z]+(*)?", "[a-z]+(1)?") == ["1"])
    #expect(captures(#"\"n\":*,"#, #"\"n\":5,"#) == ["5"])
    #expect(captures("é*日", "aé中日") == ["中"])
    #expect(
      captures("'fieldsA': '*', 'fieldsB': ['*']", "{'fieldsA': 'logs', 'fieldsB': [{'fA': 1}]}")
        == nil)
  }

  @Test(
    "a glob: a literal missing at the end of a long text is found out in one pass",
    .timeLimit(.minutes(1)))
  func linear() {
    let text = String(repeating: "a=1, ", count: 200_000)
    let pattern = String(repeating: "a=*, ", count: 200) + "end"
    #expect(captures(pattern, text) == nil)
  }
}
