import Foundation
import InsightsIngest
import InsightsStore
import Testing

/// The same twelve events from every carrier: what they say is the same, whoever brings them.
@Suite("Carriers")
struct CarrierTests {
  static let files = SampleTests.files.filter { file in
    guard let entry = (try? SampleTests.expectations())?[file] else { return false }
    return file.hasPrefix("formats/") && entry["events"] as? Int == 12
  }

  private static let invocations = """
    SELECT request_id, attempt, duration_ms, billed_ms, memory_mb, max_memory_mb, init_ms, status,
      error_type, cold_start, timed_out, oom FROM invocations ORDER BY request_id
    """
  private static let errors = """
    SELECT request_id, kind, type, message, top_frame, fingerprint FROM errors ORDER BY type
    """
  private static let frames = """
    SELECT position, file, line, function FROM frames ORDER BY error_id, position
    """
  private static let events = """
    SELECT type, request_id, count(*) FROM log_events GROUP BY type, request_id ORDER BY 1, 2
    """

  @Test("there are carriers")
  func carriersAreThere() {
    #expect(Self.files.count > 20)
  }

  @Test("a carrier's events answer like those of the first", arguments: files)
  func carrier(_ file: String) throws {
    let reference = try TemporaryFolder()
    try reference.ingest([SampleTests.folder + "/formats/03-filter-log-events.json"])
    let folder = try TemporaryFolder()
    let summary = try folder.ingest([SampleTests.folder + "/" + file])
    #expect(summary.notices.allSatisfy { $0.kind == .repaired })
    for query in [Self.invocations, Self.errors, Self.frames] {
      #expect(try folder.rows(query) == reference.rows(query))
    }
    // Copies fold the TABs that tell where an id is in an application's line.
    let query = Self.events.replacing(
      "FROM log_events", with: "FROM log_events WHERE type IS NOT NULL")
    #expect(try folder.rows(query) == reference.rows(query))
  }

  @Test("an event that two carriers bring is stored once")
  func twice() throws {
    let folder = try TemporaryFolder()
    let samples = SampleTests.folder + "/formats/"
    let first = try folder.ingest([samples + "15-logs-insights-results.json"])
    #expect(first.events == 12)
    for file in [
      "18-subscription-lambda-event.json", "21-firehose-s3-concatenated-no-newline",
      "23-firehose-s3-double-gzip.gz", "25-opensearch-cwl-hits.ndjson", "26-vector.ndjson",
      "43-start-live-tail-api.ndjson",
    ] {
      let summary = try folder.ingest([samples + file])
      #expect(summary.events == 0, "\(file)")
      #expect(summary.duplicates == 12, "\(file)")
    }
  }
}
