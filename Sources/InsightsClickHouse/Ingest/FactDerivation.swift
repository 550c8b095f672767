internal import InsightsModel
internal import InsightsIngest
internal import InsightsStore
internal import InsightsThreads

/// Derives the invocations and errors of streams from all their facts on a server, and updates the
/// tables.
///
/// Only differences are written: new rows are inserted, and rows that are no longer derived are
/// deleted. It repeats until no facts have arrived in the meantime, and no other run has inserted the
/// same rows, so that the last of several concurrent runs has seen all facts and rows.
struct FactDerivation {
  let client: ClickHouseClient
  let layout: ClickHouseSchema.Layout
  let ingest: UInt64
  let cancellation: Cancellation

  /// The maximum number of repetitions while other runs store facts of the same streams.
  private static let roundLimit = 20
  /// The maximum size in bytes of the rows that are inserted at a time.
  private static let batchByteLimit = 16 << 20
  /// The maximum number of ids in one statement.
  private static let idLimit = 5_000
  /// The maximum time in milliseconds between two attempts of a request.
  private static let attemptDistance: Int64 = 7 * 86_400_000

  /// Updates the rows of some streams; returns the increase in rows.
  func run(_ keys: [StreamKey]) throws(StoreError) -> (invocations: Int, errors: Int) {
    var added = (invocations: 0, errors: 0)
    for batch in StreamCondition.batches(of: keys) {
      let condition = StreamCondition(batch)
      var lateRequests = LateRequests()
      for _ in 0..<Self.roundLimit {
        let known = lateRequests
        let (facts, change) = try derive(condition, &lateRequests)
        added.invocations += change.invocations
        added.errors += change.errors
        // Errors that were inserted before their request was known are inserted again with it.
        guard lateRequests == known else { continue }
        if try factCount(condition) == facts, try !hasCopies(condition) { break }
      }
      // Another run may have read the rows before, and change them after.
      for _ in 0..<Self.roundLimit {
        if try !countAttempts(condition) { break }
      }
    }
    return added
  }

  private func factCount(_ condition: StreamCondition) throws(StoreError) -> Int {
    let row = try client.row(
      "SELECT count() FROM events WHERE \(condition.text) AND is_fact = 1",
      parameters: condition.parameters, cancellation: cancellation)
    return row.map { Int($0.integer(0)) } ?? 0
  }

  /// Whether another run has inserted the same rows.
  private func hasCopies(_ condition: StreamCondition) throws(StoreError) -> Bool {
    let row = try client.row(
      """
      SELECT count() FROM (
        SELECT id FROM invocations WHERE \(condition.text) GROUP BY id HAVING count() > 1
        UNION ALL
        SELECT id FROM errors WHERE \(condition.text) GROUP BY id HAVING count() > 1)
      """, parameters: condition.parameters, cancellation: cancellation)
    return row.map { $0.integer(0) > 0 } ?? false
  }

  /// A stream, or one of its sources if the stream is unknown.
  private struct Timeline: Hashable {
    var key: StreamKey
    var source: UInt64
  }

  /// The requests of errors that become known late, by the errors' numbers in their timeline.
  private typealias LateRequests = [Timeline: [LateRequest]]

  /// Derives the rows of streams once; returns the number of facts, and the increase in rows.
  ///
  /// `lateRequests` are those of the last time, and then of this time.
  private func derive(
    _ condition: StreamCondition, _ lateRequests: inout LateRequests
  ) throws(StoreError) -> (facts: Int, added: (invocations: Int, errors: Int)) {
    var invocations = try TableChange(self, FactTables.invocations, condition)
    var errors = try TableChange(self, FactTables.errors, condition)
    var encoders: (invocations: FactRowEncoder, errors: FactRowEncoder)?
    var assembler = InvocationAssembler()
    var current: Timeline?
    var foundRequests = LateRequests()
    func store(_ rows: InvocationAssembler.SettledRows) throws(StoreError) {
      guard let current else { return }
      assembler.noteStored(rows, firstErrorID: Int64(rows.firstError))
      if !rows.lateRequests.isEmpty { foundRequests[current, default: []] += rows.lateRequests }
      let known = lateRequests[current] ?? []
      for row in rows.invocations {
        guard let encoded = encoders?.invocations.encode(row) else { continue }
        try invocations.add(encoded)
      }
      for (number, var row) in zip(Int64(rows.firstError)..., rows.errors) {
        let index = known.indices.partitioningIndex { known[$0].errorIDs.upperBound > number }
        if index < known.count, known[index].errorIDs.contains(number) {
          row.requestID = known[index].requestID
        }
        guard let encoded = encoders?.errors.encode(row) else { continue }
        try errors.add(encoded)
      }
    }
    // If the stream is unknown, every source is its own timeline, in input order.
    let facts = try client.rows(
      """
      SELECT \(StreamKey.columns), if(log_stream = '', source, 0) AS timeline, timestamp_ms, message
      FROM events WHERE \(condition.text) AND is_fact = 1
      ORDER BY \(StreamKey.columns), timeline, if(log_stream = '', 0, timestamp_ms),
        if(log_stream = '', '', event_id), position
      """, parameters: condition.parameters, cancellation: cancellation)
    var factCount = 0
    while let row = try facts.next() {
      let timeline = Timeline(key: StreamKey(row), source: row.bits(4))
      if current != timeline {
        try store(assembler.takeLastRows())
        assembler = InvocationAssembler()
      }
      if current?.key != timeline.key {
        encoders = (
          FactRowEncoder(timeline.key, ingest: ingest), FactRowEncoder(timeline.key, ingest: ingest)
        )
      }
      current = timeline
      let time = row.integer(5)
      row.bytes(6).withUnsafeBufferPointer {
        assembler.consume($0, timestamp: time == ClickHouseSchema.missingTime ? nil : time)
      }
      factCount += 1
      if let settled = assembler.takeSettledRows() { try store(settled) }
    }
    try store(assembler.takeLastRows())
    lateRequests = foundRequests
    return (factCount, (try invocations.finish(), try errors.finish()))
  }

  // MARK: Changing a table

  /// Updates the rows of some streams in a table to the derived ones.
  private struct TableChange {
    private let derivation: FactDerivation
    private let table: ClickHouseTable
    private let condition: StreamCondition
    /// The ids of existing rows that have not been derived yet.
    private var left: Set<UInt64> = []
    private var rows: [UInt8] = []
    private var added = 0

    init(
      _ derivation: FactDerivation, _ table: ClickHouseTable, _ condition: StreamCondition
    ) throws(StoreError) {
      self.derivation = derivation
      self.table = table
      self.condition = condition
      let ids = try derivation.client.rows(
        """
        SELECT id, count() AS copies, min(ingest) FROM \(table.name) WHERE \(condition.text)
        GROUP BY id
        """, parameters: condition.parameters, cancellation: derivation.cancellation)
      var copies: [(id: UInt64, ingest: UInt64)] = []
      while let row = try ids.next() {
        left.insert(row.bits(0))
        if row.integer(1) > 1 { copies.append((row.bits(0), row.bits(2))) }
      }
      try removeCopies(copies)
    }

    mutating func add(_ row: FactRowEncoder.Row) throws(StoreError) {
      guard left.remove(row.id) == nil else { return }
      rows += row.bytes
      added += 1
      if rows.count >= FactDerivation.batchByteLimit { try flush() }
    }

    private mutating func flush() throws(StoreError) {
      guard !rows.isEmpty else { return }
      // The same row may be inserted again after another run has deleted it.
      let token = UInt64.random(in: 0 ... .max)
      try derivation.client.insert(
        into: table, rows: rows, token: "\(derivation.ingest)-\(table.name)-\(token)",
        cancellation: derivation.cancellation)
      rows = []
    }

    /// Inserts the remaining rows and deletes obsolete ones; returns the increase in rows.
    mutating func finish() throws(StoreError) -> Int {
      try flush()
      let ids = left.sorted()
      for start in stride(from: 0, to: ids.count, by: FactDerivation.idLimit) {
        let part = ids[start..<min(ids.count, start + FactDerivation.idLimit)]
        try delete("id IN {ids:Array(UInt64)}", ["ids": .unsigned(Array(part))])
      }
      return added - ids.count
    }

    /// Deletes rows that several runs have inserted concurrently, except for the earliest.
    private func removeCopies(_ copies: [(id: UInt64, ingest: UInt64)]) throws(StoreError) {
      for start in stride(from: 0, to: copies.count, by: FactDerivation.idLimit) {
        let part = copies[start..<min(copies.count, start + FactDerivation.idLimit)]
        let ids = ClickHouseParameter.unsigned(part.map(\.id))
        let first = ClickHouseParameter.unsigned(part.map(\.ingest))
        try delete(
          """
          id IN {ids:Array(UInt64)}
            AND (id, ingest) NOT IN arrayZip({ids:Array(UInt64)}, {ingests:Array(UInt64)})
          """, ["ids": ids, "ingests": first])
      }
    }

    private func delete(
      _ text: String, _ parameters: [String: ClickHouseParameter]
    ) throws(StoreError) {
      try derivation.client.execute(
        "DELETE FROM \(derivation.layout.local(table.name)) WHERE \(condition.text) AND \(text)",
        parameters: parameters.merging(condition.parameters) { own, _ in own },
        cancellation: derivation.cancellation)
    }
  }

  // MARK: Attempts

  /// Numbers the attempts of the requests of some streams, over all streams of their groups; returns
  /// whether any number has changed.
  private func countAttempts(_ condition: StreamCondition) throws(StoreError) -> Bool {
    let distance = Self.attemptDistance
    let rows = try client.rows(
      """
      SELECT id, rank FROM (
        SELECT id, attempt, row_number() OVER (
          PARTITION BY account, log_group, request_id
          ORDER BY ifNull(start_ms, end_ms) ASC NULLS FIRST, end_ms ASC NULLS FIRST, ingest, number
        ) AS rank
        FROM invocations
        WHERE log_group IN {groups:Array(String)}
          AND (start_ms IS NULL OR start_ms >= (
              SELECT min(start_ms) - \(distance) FROM invocations WHERE \(condition.text))
            AND start_ms <= (
              SELECT max(start_ms) + \(distance) FROM invocations WHERE \(condition.text)))
          AND (account, log_group, request_id) IN (
            SELECT account, log_group, request_id FROM invocations
            WHERE \(condition.text) AND request_id IS NOT NULL))
      WHERE attempt != rank
      """, parameters: condition.parameters, cancellation: cancellation)
    var changes: [(id: UInt64, attempt: Int64)] = []
    while let row = try rows.next() { changes.append((row.bits(0), row.integer(1))) }
    for start in stride(from: 0, to: changes.count, by: Self.idLimit) {
      let part = changes[start..<min(changes.count, start + Self.idLimit)]
      try client.execute(
        """
        ALTER TABLE \(layout.local("invocations"))
        UPDATE attempt = transform(id, {ids:Array(UInt64)}, {attempts:Array(Int64)}, attempt)
        WHERE id IN {ids:Array(UInt64)}
        """,
        parameters: [
          "ids": .unsigned(part.map(\.id)), "attempts": .integers(part.map(\.attempt)),
        ], settings: ["mutations_sync": "2"], cancellation: cancellation)
    }
    return !changes.isEmpty
  }
}
