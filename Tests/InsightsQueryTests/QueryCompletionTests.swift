import InsightsQuery
import Testing

@Suite("completion of queries")
struct QueryCompletionTests {
  private let completion = QueryCompletion(fields: ["level", "http status", "level.name"])

  @Test(
    "commands at the start and after a pipe, else fields, functions and keywords",
    arguments: [
      ("fi", ["fields", "filter"].prefix(2), true), ("FIEL", ["fields"].prefix(1), true),
      ("fields @message | so", ["sort"].prefix(1), true),
      ("fields @mess", ["@message"].prefix(1), false),
      ("stats count_d", ["count_distinct("].prefix(1), false),
      ("filter level li", ["like"].prefix(1), false),
      ("filter lev", ["level", "level.name"].prefix(2), false),
      ("filter htt", ["`http status`"].prefix(1), false),
    ])
  func candidates(text: String, expected: ArraySlice<String>, isCommand: Bool) {
    let candidates = completion.candidates(for: text)
    for name in expected { #expect(candidates.contains { $0.text == name }, "\(candidates)") }
    #expect(candidates.contains { if case .command = $0 { true } else { false } } == isCommand)
  }

  @Test(
    "nothing inside strings, regexes, quoted names and comments",
    arguments: [
      "filter level = \"so", "filter level like /so", "fields `so", "fields level # so",
      "filter x = '| so",
    ])
  func quotedPlaces(text: String) {
    #expect(completion.candidates(for: text) == [])
  }

  @Test("a comment ends with its line")
  func comment() {
    #expect(completion.candidates(for: "# all\nsor").map(\.text) == ["sort"])
  }

  @Test(
    "a query is unfinished while something is open or its last word wants another",
    arguments: [
      ("fields a |", true), ("fields a,", true), ("stats count(", true), ("filter a = \"x", true),
      ("filter a and", true), ("stats count(*) by", true), ("filter a =", true),
      ("fields a", false), ("stats count(*)", false), ("fields a # |", false),
      ("filter a like /x/", false), ("", false), (")", false), ("fields @timestamp as t", false),
    ])
  func unfinished(text: String, expected: Bool) {
    #expect(QueryCompletion.isUnfinished(text) == expected)
  }
}
