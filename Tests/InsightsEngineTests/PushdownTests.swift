import InsightsEngine
import InsightsModel
import InsightsQuery
import InsightsSQL
import InsightsStore
import Testing

/// What of a query the scan does, and what SQLite is left with.
@Suite("pushdown")
struct PushdownTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var query: String
    /// The scan's request, a line each for what is asked of it.
    var request: [String]
    var testDescription: String { query }

    init(_ query: String, _ request: String...) {
      self.query = query
      self.request = request
    }
  }

  private static func request(of query: String) throws -> [String] {
    let compiled = try CompiledQuery(SourceText(query), options: Binder.Options())
    let statement = SQLGenerator.generate(compiled.plan, scanning: Store.scanCapabilities)
    let request = statement.pushdown?.requests["events"]
    return request?.description.split(separator: "\n").map(String.init) ?? []
  }

  private static let rowCount = "\"n\" = rowCount(*)"

  @Test(
    "query → what the scan is asked",
    arguments: [
      // Conditions
      Case(
        "filter level = \"ERROR\"", "where (\"level\" = 'ERROR')",
        "first 10000 by \"@timestamp\" desc, \"@eventId\" desc, \"@position\" desc"),
      Case(
        "filter \"ERROR\" = level | stats count(*) as n", "where (\"level\" = 'ERROR')", rowCount),
      Case(
        "filter 500 = status | stats count(*) as n", "where equalValues(\"status\", 500)", rowCount),
      Case("filter a = b | stats count(*) as n", "where equalValues(\"a\", \"b\")", rowCount),
      Case(
        "filter status >= 500 and not ispresent(x) | stats count(*) as n",
        "where (number(\"status\") >= 500)", "where not(isPresent(\"x\"))", rowCount),
      Case(
        "filter @message like \"x\" or strcontains(a, \"y\") | stats count(*) as n",
        "where (contains(\"@message\", 'x') or contains(\"a\", 'y'))", rowCount),
      Case(
        "filter @message like /x+/ | stats count(*) as n", "where matches(\"@message\", 'x+')",
        rowCount),
      Case(
        "filter status in [1, \"a\"] | stats count(*) as n", "where \"status\" in ('a', 1)",
        rowCount),
      Case(
        "filter strlen(a) > 3 and isempty(b) | stats count(*) as n", "where (strlen(\"a\") > 3)",
        "where isempty(\"b\")", rowCount),
      // The same meaning from different commands
      Case(
        "filter startsWith(@log, \"123456789012:\") | stats count(*) as n",
        "where startsWith(\"@log\", '123456789012:')", rowCount),
      Case(
        "SOURCE logGroups(accountIdentifiers: ['123456789012']) | stats count(*) as n",
        "where startsWith(\"@log\", '123456789012:')", rowCount),
      Case(
        "SOURCE logGroups(namePrefix: ['/aws'], accountIdentifiers: ['1', '2']) | stats count(*) as n",
        "of /aws*", "where (startsWith(\"@log\", '1:') or startsWith(\"@log\", '2:'))", rowCount),
      Case(
        "filter ispresent(a) | stats count(*) as n by a", "where isPresent(\"a\")", rowCount,
        "by \"a\" = \"a\""),
      Case(
        "countFrequent a", "where isPresent(\"a\")", "\"_approxcount\" = rowCount(*)",
        "by \"a\" = \"a\""),
      // Groups
      Case(
        "stats count(*) as n by bin(5m) as t", rowCount,
        "by \"t\" = datefloor(\"@timestamp\", 5, 'm')"),
      Case(
        "stats count(*) as n by datefloor(@timestamp, 5m) as t", rowCount,
        "by \"t\" = datefloor(\"@timestamp\", 5, 'm')"),
      Case(
        "stats count(*) as n by bin(1h) as h, bin(1mo) as m", rowCount,
        "by \"h\" = datefloor(\"@timestamp\", 1, 'h')",
        "by \"m\" = datefloor(\"@timestamp\", 1, 'mo')"),
      Case(
        "stats count(*) as n by bin(1h) as h offset 30m", rowCount,
        "by \"h\" = (datefloor((\"@timestamp\" - 1800000), 1, 'h') + 1800000)"),
      Case(
        "stats count(a) as n, count_distinct(b) as d, median(c) as m, pct(c, 99) as p",
        "\"n\" = valueCount(\"a\")", "\"d\" = distinctCount(\"b\")",
        "\"m\" = percentile(\"c\", 50.0)", "\"p\" = percentile(\"c\", 99.0)"),
      Case(
        "stats min(a) as l, max(@duration) as h, sortsLast(a) as s",
        "\"l\" = naturalMinimum(\"a\")", "\"h\" = maximum(\"@duration\")",
        "\"s\" = naturalMaximum(\"a\")"),
      Case(
        "stats count(*) as n by if(status >= 500, \"bad\", \"good\") as k", rowCount,
        "by \"k\" = case((number(\"status\") >= 500), 'bad', 'good')"),
      Case("stats sum(messageSize()) as n", "\"n\" = sum(byteCount(\"@message\"))"),
      Case(
        "stats count(*) as n by a | filter n > 2", rowCount, "by \"a\" = \"a\"",
        "groups of at least 3"),
      // Rows
      Case(
        "parse @message \"a=*\" as a | filter a = \"x\" | stats count(*) as n",
        "where (glob(\"@message\", 'a=*', 1) = 'x')", "\"a\" = glob(\"@message\", 'a=*', 1)",
        rowCount),
      Case(
        "fields a | sort b desc | limit 3",
        "first 3 by \"b\" desc, \"@eventId\" desc, \"@position\" desc"),
      // What the scan has no kernel for is left to SQL, and with it all that needs its rows.
      Case("filter md5(a) = \"x\" | filter b = \"y\" | stats count(*) as n", "where (\"b\" = 'y')"),
      Case("stats count(*) as n by md5(a) as k"),
      Case("stats stddev(a) as n"),
      Case(
        "filter a in (fields b | display b) | filter c = \"x\" | limit 1", "where (\"c\" = 'x')"),
    ])
  func table(_ entry: Case) throws {
    #expect(try Self.request(of: entry.query) == entry.request)
  }
}
