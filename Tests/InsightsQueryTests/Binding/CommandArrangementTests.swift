import Testing

@Suite("order of commands")
struct CommandArrangementTests {
  @Test(
    "order: a filter on events behind the only stats selects what is counted",
    arguments: [
      (
        "stats count(*) as n by a | filter b = 1",
        ["filter equalValues(b, 1)", "aggregate n = rowCount() by a = a", "sort a asc"]
      ),
      (
        "stats count(*) as n by a | filter n > 1",
        ["aggregate n = rowCount() by a = a", "filter (n > 1)", "sort a asc"]
      ),
      (
        "stats count(*) as n by a | filter b = 1 and n > 1 and c",
        [
          "filter equalValues(b, 1)", "filter isTrue(c)", "aggregate n = rowCount() by a = a",
          "filter (n > 1)",
          "sort a asc",
        ]
      ),
      // A key has the name of an event field: the group's value is meant.
      (
        "stats count(*) as n by a | filter a = 1",
        ["aggregate n = rowCount() by a = a", "filter equalValues(a, 1)", "sort a asc"]
      ),
      (
        "stats count(*) as n by a | fields n * 2 as m | filter m > 1",
        [
          "aggregate n = rowCount() by a = a", "extend m = (n * 2)", "filter (m > 1)", "sort a asc",
        ]
      ),
      (
        "stats count(*) as n by a | filter true",
        ["aggregate n = rowCount() by a = a", "filter isNonzero(1)", "sort a asc"]
      ),
    ])
  func filters(text: String, expected: [String]) {
    let query = BoundQuery(text)
    #expect(query.ids.isEmpty)
    #expect(query.nodes == expected)
  }

  @Test(
    "order: one limit and one sort behind the last stats: sort comes first",
    arguments: [
      ("limit 5 | sort a", ["sort a asc", "limit 5"]),
      ("limit 5 | filter b = 1 | sort a", ["filter equalValues(b, 1)", "sort a asc", "limit 5"]),
      (
        "stats count(*) as n by a | limit 5 | sort n desc",
        ["aggregate n = rowCount() by a = a", "sort n desc", "limit 5"]
      ),
      // Of several, the order of the text counts.
      ("sort a | limit 5 | sort b", ["sort a asc", "limit 5", "sort b asc"]),
      ("limit 5 | limit 4 | sort b", ["limit 5", "limit 4", "sort b asc"]),
      // What stands before stats stays there.
      (
        "limit 5 | stats count(*) as n by a | sort n",
        ["limit 5", "aggregate n = rowCount() by a = a", "sort n asc"]
      ),
    ])
  func limits(text: String, expected: [String]) {
    let query = BoundQuery(text)
    #expect(query.ids.isEmpty)
    #expect(query.nodes == expected)
  }

  @Test("order: with several stats everything stays where it is written")
  func severalStats() {
    let query = BoundQuery("stats count(*) as n by a | filter n > 1 | stats max(n) as m")
    #expect(
      query.nodes == [
        "aggregate n = rowCount() by a = a", "filter (n > 1)", "aggregate m = maximum(n)",
      ])
    #expect(
      BoundQuery("stats count(*) as n by a | filter b = 1 | stats max(n) as m").ids
        == ["unknown-field"])
  }

  @Test("order: filterIndex is a filter")
  func plainForms() {
    #expect(
      BoundQuery("stats count(*) as n by a | filterIndex b = 1").nodes
        == BoundQuery("stats count(*) as n by a | filter b = 1").nodes)
  }

  @Test(
    "order: what may not stand where it does is an error",
    arguments: [
      // Several stats
      ("stats count(*) as n by a | sort n | stats max(n)", "misplaced-sort"),
      ("stats count(*) as n by a | limit 5 | stats max(n)", "misplaced-limit"),
      ("limit 5 | stats count(*) as n by a | stats max(n)", "misplaced-limit"),
      // Patterns
      ("sort @timestamp | pattern @message", "sort-before-pattern"),
      ("diff", "diff-without-pattern"),
      ("diff | pattern @message", "diff-without-pattern"),
      ("filter a = 1 | anomaly", "anomaly-without-pattern"),
      // What may follow
      ("dedup a | filter b = 1", "command-after-dedup"),
      ("dedup a | limit 5 | sort b", "command-after-dedup"),
      ("dedup a | dedup b", "command-after-dedup"),
      ("estimate | limit 5", "command-after-estimate"),
      ("filter a = 1 | SOURCE events", "misplaced-source"),
    ])
  func places(text: String, id: String) {
    #expect(BoundQuery(text).ids.contains(id))
  }

  @Test(
    "order: what may stand anywhere does",
    arguments: [
      "dedup a | limit 5", "dedup a | limit 5 | limit 4", "pattern @message | sort @sampleCount",
      "pattern @message | diff | anomaly", "limit 5 | estimate",
      "stats count(*) as n by a | stats max(n) as m | sort m | limit 5",
    ])
  func allowed(text: String) {
    #expect(BoundQuery(text).ids.filter { $0 != "comparison-without-start" }.isEmpty)
  }
}
