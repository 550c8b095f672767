import InsightsIngest
import InsightsModel
import InsightsTestSupport
import InsightsText
import Testing

@testable import InsightsStore

/// The figures of a store, which are kept while it is written, are those that its rows tell.
@Suite("Counts of facts")
struct FactCountTests {
  /// What each figure counts, as SQL over the public tables.
  private static let oracle = [
    "invocations": "SELECT count(*) FROM invocations",
    "errors": "SELECT count(*) FROM errors",
    "cold_starts": "SELECT count(*) FROM invocations WHERE cold_start = 1",
    "timeouts": "SELECT count(*) FROM invocations WHERE timed_out = 1",
    "oom": "SELECT count(*) FROM invocations WHERE oom = 1",
    "oom_suspects": """
    SELECT count(*) FROM invocations
    WHERE oom = 0 AND max_memory_mb >= memory_mb AND (init_ms IS NULL OR cold_start = 1)
    """,
    "init_failures": "SELECT count(*) FROM (\(initReports)) WHERE status IS NOT NULL",
    "suppressed_inits": "SELECT count(*) FROM (\(initReports)) WHERE phase IS NOT NULL",
    "throttles": """
    SELECT count(*) FROM errors WHERE \(["type", "message", "traceback"].flatMap { column in
      (AWSMessages.Throttle.words + [AWSMessages.Throttle.sentence]).map {
        "ifnull(\(column), '') GLOB '*\($0)*'"
      }
    }.joined(separator: " OR "))
    """,
  ]

  private static let initReports = """
    SELECT
      CASE WHEN message GLOB '*Status: error*' OR message GLOB '*Status: timeout*'
        OR message GLOB '*"status":"error"*' OR message GLOB '*"status":"failure"*'
        OR message GLOB '*"status":"timeout"*' THEN 1 END AS status,
      CASE WHEN message GLOB '*Phase: invoke*' OR message GLOB '*"phase":"invoke"*' THEN 1 END
        AS phase
    FROM log_events
    WHERE is_fact = 1 AND (message GLOB 'INIT_REPORT *' OR message GLOB 'RESTORE_REPORT *'
      OR message GLOB '{*"platform.initReport"*' OR message GLOB '{*"platform.restoreReport"*')
    """

  /// The figures that differ from what the rows tell, and the sum of all.
  private static func differences(_ folder: TemporaryFolder) throws -> ([String], sum: Int64) {
    let store = try Store(path: folder.path + "/test.db", access: .readOnly)
    var differences: [String] = []
    var sum: Int64 = 0
    var count = 0
    for (name, value) in try store.figures() {
      guard let sql = oracle[name], case .integer(let figure) = value else { continue }
      let rows = try #require(try folder.column(sql).first)
      if rows != "\(figure)" { differences.append("\(name): \(figure), rows: \(rows ?? "none")") }
      sum += figure
      count += 1
    }
    #expect(count == oracle.count)
    return (differences, sum)
  }

  @Test("those of the samples", arguments: SampleTests.files)
  func samples(file: String) throws {
    let folder = try TemporaryFolder()
    try folder.ingest([SampleTests.folder + "/" + file])
    #expect(try Self.differences(folder).0 == [])
    try folder.markStale()
    try folder.ingest([])
    #expect(try Self.differences(folder).0 == [])
  }

  @Test("those of all samples in one store, one after the other and in another order")
  func together() throws {
    let paths = SampleTests.files.map { SampleTests.folder + "/" + $0 }
    let folder = try TemporaryFolder()
    for path in paths { try folder.ingest([path]) }
    let whole = try Self.differences(folder)
    #expect(whole.0 == [])
    #expect(whole.sum > 100)
    // Each stream begins with its end, so that it has to be derived again.
    let other = try TemporaryFolder()
    try other.ingest(paths.reversed())
    try other.ingest(paths)
    #expect(try Self.differences(other).0 == [])
  }
}
