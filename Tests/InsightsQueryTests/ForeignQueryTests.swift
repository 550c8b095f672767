import InsightsQuery
import Testing

/// What other languages write is told to be written so that it compiles.
@Suite("queries of other languages")
struct ForeignQueryTests {
  /// The line that the first error of a query says to write.
  private func line(insteadOf query: String) -> String? {
    let source = SourceText(query)
    let (syntax, diagnostics) = Parser.parse(source)
    let bound = Binder.bind(syntax, of: source, options: .init(now: 0), catalog: nil).diagnostics
    return (diagnostics + bound).first { $0.severity == .error }.flatMap { error in
      error.help.first { $0.hasPrefix("write: ") }.map { String($0.dropFirst(7)) }
    }
  }

  private func compiles(_ query: String) -> Bool {
    let source = SourceText(query)
    let (syntax, diagnostics) = Parser.parse(source)
    let bound = Binder.bind(syntax, of: source, options: .init(now: 0), catalog: nil).diagnostics
    return !(diagnostics + bound).contains { $0.severity == .error }
  }

  @Test(
    "the line to write is the right one, and compiles",
    arguments: [
      ("stats count(distinct user) by level", "stats count_distinct(user) by level"),
      ("limit 10 offset 5", "limit 15"),
      ("fields @message limit 10", "fields @message | limit 10"),
      ("fields *", "fields @timestamp, @message"),
      ("mv-expand items", "expand items"),
      ("stats count(*) by bucket(@timestamp, 5m)", "bin(5m)"),
      ("make-series count() on @timestamp step 1h", "stats count(*) by bin(1h)"),
      ("search \"timeout\"", "filter @message like \"timeout\""),
      ("search error level=\"x\"", "filter @message like \"error\" and level = \"x\""),
      ("\"ERROR\" \"timeout\"", "filter @message like \"ERROR\" and @message like \"timeout\""),
      ("?ERROR ?WARN", "filter @message like \"ERROR\" or @message like \"WARN\""),
      ("{ $.level = \"ERROR\" }", "filter level = \"ERROR\""),
      ("level:error AND status:500", "filter level = \"error\" and status = 500"),
      ("level = \"ERROR\"", "filter level = \"ERROR\""),
      ("filter level:ERROR", "filter level = \"ERROR\""),
      ("filter $.level = \"ERROR\"", "filter level = \"ERROR\""),
      ("filter level ilike 'err%'", "filter level like /(?i)err/"),
      ("filter level ilike \"%a%b%\"", "filter level like /(?i)a.*b/"),
      ("filter status not between 400 and 499", "filter (status < 400 or status > 499)"),
      ("filter @message matches regex \"a/b\"", "filter @message like /a\\/b/"),
      ("filter @message like ERROR", "filter @message like \"ERROR\""),
      ("filter @message ~ \"x\"", "filter @message like /x/"),
      (
        "{app=\"x\"} |= \"y\" | json | rate([5m])",
        "filter @message like \"y\" | stats count(*) by bin(5m)"
      ),
      ("{app=\"x\"} |= \"y\"", "filter @message like \"y\""),
      (
        "{app=\"x\"} |~ \"y.*\" != \"z\" | logfmt | level=\"error\"",
        "filter @message like /y.*/ | filter @message not like \"z\" | parse @message logfmt as line "
          + "| filter level=\"error\""
      ),
      (
        "sum by (level) (count_over_time({app=\"x\"} |= \"e\" [1h]))",
        "filter @message like \"e\" | stats count(*) by level, bin(1h)"
      ),
      (
        "avg_over_time({app=\"x\"} | json | unwrap duration [5m]) by (path)",
        "stats avg(duration) by path, bin(5m)"
      ),
      ("stats count by level", "stats count(*) by level"),
      ("dedup level sortby -@timestamp", "sort @timestamp desc | dedup level"),
      ("dedup 1 level", "dedup level"),
      ("eval x = 1, y = strlen(a)", "fields 1 as x, strlen(a) as y"),
      ("extend x = strlen(@message)", "fields strlen(@message) as x"),
      ("timechart count by level", "stats count(*) by level, bin(5m)"),
      ("timechart span=1h avg(duration) by host", "stats avg(duration) by host, bin(1h)"),
      ("stats avg(duration) every 5m", "stats avg(duration) by bin(5m)"),
      ("stats avg(duration) by path span 5m", "stats avg(duration) by path, bin(5m)"),
      ("stats avg duration by path", "stats avg(duration) by path"),
      ("summarize count() by bin(TimeGenerated, 5m)", "stats count() by bin(5m)"),
      ("stats count(*) as n by level having n > 5", "stats count(*) as n by level | filter n > 5"),
      ("sort @timestamp desc limit 3", "sort @timestamp desc | limit 3"),
      ("fields cast(a as int) as b", "fields toNumber(a) as b"),
      ("fields a::int as b", "fields toNumber(a) as b"),
      ("fields a ? 1 : 2", "fields if(a, 1, 2)"),
      (
        "fields case when a = 1 then \"x\" else \"y\" end as z",
        "fields if(a = 1, \"x\", \"y\") as z"
      ),
      ("fields a as \"b\"", "fields a as b"),
      ("fields concat(a, b) c", "fields concat(a, b) as c"),
      ("fillnull value=0 x", "fields coalesce(x, 0) as filled"),
      ("rex field=msg \"u=(?<u>\\w+)\"", "parse msg /u=(?<u>\\w+)/"),
      (
        "index=main sourcetype=x error status=500 | stats count(*) by host",
        "filter @message like \"error\" and status = 500"
      ),
      (
        "SELECT count(*) AS n, level FROM logs WHERE b LIKE '%x%' GROUP BY level LIMIT 10 OFFSET 5",
        "filter b like \"x\" | stats count(*) as n by level | limit 15"
      ),
      ("SELECT DISTINCT level FROM logs", "stats count(*) by level"),
      ("SELECT count(*) FROM \"/aws/lambda/x\"", "SOURCE \"/aws/lambda/x\" | stats count(*)"),
    ] as [(String, String)])
  func line(query: String, expected: String) {
    let line = line(insteadOf: query)
    #expect(line == expected)
    // Of a function only its call is told.
    if let line, line != "bin(5m)" { #expect(compiles(line), "\(line)") }
  }

  @Test(
    "queries of this language are left alone",
    arguments: [
      "filter a = 1", "stats count(*) by bin(5m)", "fields a / b as c | limit 3",
      "parse @message /x=(?<y>.*)/ | sort y desc", "SOURCE '/g' | filter a like /x{1,2}/",
    ])
  func own(query: String) {
    #expect(compiles(query))
  }

  @Test("long and odd queries cost little", arguments: [10, 100, 1_000])
  func cost(count: Int) {
    for part in [
      "case when a then ", "a ? b : ", "((((", "{a=\"b\"} |= ", "a as b ", "count(distinct ",
    ] {
      let query = "fields " + String(repeating: part, count: count)
      _ = Parser.parse(SourceText(String(query.prefix(10_000))))
    }
  }
}
