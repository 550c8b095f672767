import Foundation
import InsightsIngest
import InsightsStore
import Testing

/// Every sample file gives what `Samples/expected.json` says of it; a key that is absent there is
/// not asserted.
@Suite("Samples")
struct SampleTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Samples").path

  static func expectations() throws -> [String: [String: Any]] {
    let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/expected.json"))
    let object = try JSONSerialization.jsonObject(with: data)
    return object as? [String: [String: Any]] ?? [:]
  }

  static let files = (try? expectations().keys.sorted()) ?? []

  @Test("the oracle names files")
  func oracleIsThere() {
    #expect(!Self.files.isEmpty)
  }

  @Test("a sample gives its events, invocations and errors", arguments: files)
  func sample(_ file: String) throws {
    let expected = try #require(try Self.expectations()[file])
    let folder = try TemporaryFolder()
    let summary = try folder.ingest([Self.folder + "/" + file])

    if let count = expected["events"] as? Int {
      #expect(summary.events == count)
      #expect(try folder.column("SELECT count(*) FROM log_events") == ["\(count)"])
    }
    if let first = expected["first_ts"] as? Int {
      #expect(try folder.column("SELECT min(timestamp) FROM log_events") == ["\(first)"])
    }
    if let last = expected["last_ts"] as? Int {
      #expect(try folder.column("SELECT max(timestamp) FROM log_events") == ["\(last)"])
    }
    if let streams = expected["log_streams"] as? [String] {
      let stored = try folder.column("SELECT name FROM log_streams ORDER BY name")
      #expect(stored.compactMap(\.self) == streams.sorted())
    }
    if let group = expected["log_group"] {
      let stored = try folder.column("SELECT name FROM log_groups WHERE name IS NOT NULL")
      #expect(stored == (group as? String).map { [$0] } ?? [])
    }
    if let invocations = expected["invocations"] as? [[String: Any]] {
      #expect(summary.invocations == invocations.count)
      try check(invocations, against: folder, table: "invocations", time: "start_ms")
    }
    if let errors = expected["errors"] as? [[String: Any]] {
      #expect(summary.errors == errors.count)
      try check(errors, against: folder, table: "errors", time: "timestamp_ms")
    }
    if let counts = expected["counts"] as? [String: Int] {
      for (key, column) in ["cold_starts": "cold_start", "timeouts": "timed_out", "oom": "oom"] {
        guard let count = counts[key] else { continue }
        let stored = try folder.column("SELECT ifnull(sum(\(column)), 0) FROM invocations")
        #expect(stored == ["\(count)"], "\(column)")
      }
    }
  }

  /// Looks for each expected row among the stored rows; each stored row answers for one.
  private func check(
    _ expected: [[String: Any]], against folder: TemporaryFolder, table: String, time: String
  ) throws {
    let names = try folder.column("SELECT name FROM pragma_table_info('\(table)')")
      .compactMap(\.self)
    var rows = try folder.rows("SELECT * FROM \(table) ORDER BY \(time), id").map { row in
      Dictionary(uniqueKeysWithValues: zip(names, row))
    }
    for row in expected {
      // Two names are the oracle's own.
      let renamed = ["apigw_request_id": "gateway_request_id", "lambda_request_id": "request_id"]
      let row = Dictionary(uniqueKeysWithValues: row.map { (renamed[$0.key] ?? $0.key, $0.value) })
      let wanted = row.filter { names.contains($0.key) }.mapValues(text)
      let index = rows.firstIndex { stored in
        wanted.allSatisfy { key, value in equal(stored[key] ?? nil, value) }
      }
      #expect(index != nil, "\(table): no \(wanted) among \(rows)")
      if let index { rows.remove(at: index) }
    }
    #expect(rows.isEmpty, "\(table): \(rows) is not expected")
  }

  private func text(_ value: Any) -> String? {
    switch value {
    case is NSNull: nil
    case let number as NSNumber: "\(number.doubleValue)"
    default: "\(value)"
    }
  }

  private func equal(_ stored: String?, _ wanted: String?) -> Bool {
    guard let stored, let wanted else { return stored == wanted }
    if stored == wanted { return true }
    guard let number = Double(stored), let other = Double(wanted) else { return false }
    return number == other
  }
}
