internal import InsightsSQLite
import InsightsModel
import InsightsTestSupport
import Testing

@testable import InsightsStore

/// What triage has to know of invocations is the same however they are read.
@Suite("survey of invocations")
struct InvocationSurveyTests {
  /// Rows of all kinds, in an order that a seed gives.
  private static func rows(_ count: Int) -> [InvocationTable.Row] {
    var generator = SeededGenerator(state: 11)
    func below(_ count: Int) -> Int { .random(in: 0..<count, using: &generator) }
    return (0..<count).map { number in
      var row = InvocationTable.Row(requestID: RequestID("request \(number)"))
      row.start = below(50) == 0 ? nil : Int64(number)
      row.status = [.success, .success, .success, .error, .timeout, .incomplete][below(6)]
      row.isOutOfMemory = below(9) == 0
      row.isTimedOut = row.status == .timeout
      row.errorType = row.status == .error ? "KeyError" : nil
      // Whole microseconds, other fractions, seconds around the limit, none.
      row.durationMilliseconds =
        [1.25, 28_999.9995, 29_000, 0.000_5, 40_000.123_4567, nil][below(6)]
      row.memoryMegabytes = 128
      row.maxMemoryMegabytes = [60, 128, 130, nil][below(4)]
      switch below(8) {
      case 0: (row.initMilliseconds, row.isColdStart) = (200, true)
      case 1: (row.initMilliseconds, row.isColdStart) = (28_999.5, true)
      // The emulator's.
      case 2: row.initMilliseconds = 29_000.000_1
      case 3: (row.restoreMilliseconds, row.isColdStart) = (500, true)
      default: break
      }
      return row
    }
  }

  private static func store(
    _ rows: [InvocationTable.Row], at path: String, zones: Bool
  ) throws -> Store {
    let store = try Store(path: path, access: .readWrite)
    try store.connection.transaction {
      try store.connection.execute(
        """
        INSERT INTO log_groups (id, name) VALUES (1, '/aws/lambda/a'), (2, '/aws/lambda/b');
        INSERT INTO log_streams (id, log_group_id) VALUES (1, 1), (2, 2);
        """)
      let table = try InvocationTable(connection: store.connection)
      for (number, part) in [rows[..<(rows.count / 3)], rows[(rows.count / 3)...]].enumerated() {
        try table.insert(Array(part), streamID: Int64(number + 1))
      }
      if zones {
        try InvocationZones(connection: store.connection).update()
      } else {
        try InvocationZones.removeAll(store.connection)
      }
    }
    try store.close()
    return try Store(path: path, access: .readOnly)
  }

  @Test(
    "counts and suspects are those of the rows, in order",
    arguments: [0, 10, 1000, 5000, 200_000], [true, false])
  func survey(count: Int, zones: Bool) throws {
    let rows = Self.rows(count)
    let folder = try TemporaryFolder()
    let store = try Self.store(rows, at: folder.path + "/s.db", zones: zones)
    let ranges = [
      TimeRange.everything, TimeRange(start: Int64(count / 3), end: Int64(count / 2)),
      TimeRange(start: nil, end: Int64(count / 4)), TimeRange(start: Int64(count), end: nil),
    ]
    for range in ranges {
      for groups in [[], ["*/b"], ["nothing"]] {
        let wanted = rows.enumerated().filter { index, row in
          let isInRange =
            range == .everything
            || row.start.map { $0 >= range.start ?? .min && $0 < range.end ?? .max } ?? false
          return isInRange && (groups.isEmpty || groups == ["*/b"] && index >= count / 3)
        }
        var isDone = false
        let (counts, parts) = try store.surveyInvocations(
          of: Store.FactSelection(timeRange: range, logGroups: groups), slowFrom: 29_000,
          meanwhile: { isDone = true })
        #expect(isDone)
        #expect(counts.all == wanted.count)
        #expect(counts.incomplete == wanted.count { $0.element.status == .incomplete })
        #expect(counts.withoutTime == wanted.count { $0.element.start == nil })
        #expect(counts.memorySuspects == wanted.count { Self.isMemorySuspect($0.element) })
        let suspects = wanted.filter { Self.isSuspect($0.element) }
        #expect(parts.joined().map(\.id) == suspects.map { Int64($0.offset + 1) })
        #expect(parts.joined().map(\.errorType) == suspects.map(\.element.errorType))
        #expect(
          parts.joined().map(\.durationMilliseconds)
            == suspects.map(\.element.durationMilliseconds))
      }
    }
  }

  private static func isMemorySuspect(_ row: InvocationTable.Row) -> Bool {
    guard let used = row.maxMemoryMegabytes, let size = row.memoryMegabytes else { return false }
    return used >= size && !row.isOutOfMemory && (row.isColdStart || row.initMilliseconds == nil)
  }

  private static func isSuspect(_ row: InvocationTable.Row) -> Bool {
    switch row.status {
    case .error, .timeout: return true
    case .incomplete: return false
    case .success:
      guard let duration = row.durationMilliseconds else { return false }
      return duration + (row.initMilliseconds ?? row.restoreMilliseconds ?? 0) >= 29_000
    }
  }
}
