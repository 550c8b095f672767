import InsightsText
import Testing

@Suite("suggestions")
struct EditDistanceTests {
  @Test(
    "suggestions: a misspelt name finds the one that was meant",
    arguments: [
      ("strlne", ["strlen"]), ("filer", ["filter"]), ("FIELD", ["fields"]), ("staat", ["stats"]),
      ("Limit", ["limit"]), ("pct", ["pct_all"]), ("sotr", ["sort"]), ("zzz", []), ("", []),
      ("so", ["sort"]), ("x", []), ("isipv4insubet", ["isIpv4InSubnet"]),
    ])
  func meant(name: String, expected: [String]) {
    let names = [
      "strlen", "filter", "fields", "stats", "limit", "sort", "pct_all", "isIpv4InSubnet",
    ]
    #expect(EditDistance.suggestions(for: name, among: names) == expected)
  }

  @Test("suggestions: short names allow one edit, up to eight letters two, longer ones three")
  func limits() {
    #expect(EditDistance.suggestions(for: "abcd", among: ["abxx"]).isEmpty)
    #expect(EditDistance.suggestions(for: "abcde", among: ["abcxx"]) == ["abcxx"])
    #expect(EditDistance.suggestions(for: "abcdefgh", among: ["abcdexxx"]).isEmpty)
    #expect(EditDistance.suggestions(for: "abcdefghi", among: ["abcdefxxx"]) == ["abcdefxxx"])
    #expect(EditDistance.suggestions(for: "abcdefghi", among: ["abcdexxxx"]).isEmpty)
  }

  @Test("suggestions: other letter case first, then longer names, then by distance, at most three")
  func order() {
    #expect(
      EditDistance.suggestions(
        for: "level", among: ["lever", "levels", "levelOne", "Level", "levek", "level"])
        == ["Level", "levels", "levelOne"])
    #expect(
      EditDistance.suggestions(
        for: "status", among: ["stotos", "statsu", "state", "ztatus", "statuz"])
        == ["statsu", "ztatus", "statuz"])
  }

  @Test("suggestions: names are given once, and the name itself never")
  func distinct() {
    #expect(
      EditDistance.suggestions(for: "count", among: ["count", "counts", "counts"]) == ["counts"])
  }

  @Test("suggestions: a very long name gets none")
  func long() {
    let name = String(repeating: "a", count: 10_000)
    #expect(EditDistance.suggestions(for: name, among: [name + "b"]).isEmpty)
  }
}
