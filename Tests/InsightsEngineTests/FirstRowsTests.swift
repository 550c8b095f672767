import InsightsEngine
import InsightsModel
import InsightsQuery
import InsightsTestSupport
import Testing

/// `errors` and `invocations` are composed of several tables: where a limit ends is looked up first.
@Suite("the first rows of errors and invocations")
struct FirstRowsTests {
  private static let errors = [
    "SOURCE errors", #"SOURCE errors | filter kind != "gateway""#,
    "SOURCE errors | filter ispresent(traceback)", #"SOURCE errors | filter type = "none""#,
    "SOURCE errors | fields strlen(type) as @timestamp",
  ].flatMap { selection in
    [
      "@timestamp desc", "@timestamp asc", "@requestId desc", "kind desc", "http_status asc",
      "type desc, @timestamp asc",
    ].map { "\(selection) | sort \($0)" }
  }
  private static let invocations = [
    "SOURCE invocations", "SOURCE invocations | filter ispresent(@timestamp)",
    #"SOURCE invocations | filter status in ["error", "timeout"]"#,
  ].flatMap { selection in
    [
      "@timestamp desc", "@timestamp asc", "duration_ms desc", "memory_mb asc, duration_ms desc",
      "error_type asc", "error_type desc",
    ].map { "\(selection) | sort \($0)" }
  }

  @Test(
    "are those of the whole order, also with equal and missing keys",
    arguments: errors + invocations)
  func equalWholeOrder(query: String) throws {
    let engine = try Engine(readingStoreAt: SampleStore.path)
    func rows(limit: Int) throws -> [[Value]] {
      try engine.answer(
        SourceText(query, name: "query"), options: Binder.Options(rowLimit: limit)
      ).table.rows
    }
    // So many rows are sorted without a cutoff.
    let whole = try rows(limit: 20_000)
    for limit in Set([1, 2, 7, 20, max(1, whole.count - 1), whole.count + 1]) {
      #expect(try rows(limit: limit) == Array(whole.prefix(limit)), "\(limit)")
    }
  }
}
