internal import InsightsScan
public import InsightsModel
public import InsightsStore
internal import InsightsText
public import InsightsThreads

/// Scans the tables of a store on a ClickHouse server, which executes the scan requests of a query.
///
/// Must be used by one thread at a time.
public final class RemoteScanner: RemoteEvents {
  let client: ClickHouseClient
  /// The state of the store, when its version and the user's rights were checked, and whether the
  /// state is that of this use.
  private var known: (state: RemoteState, time: ContinuousClock.Instant, isCurrent: Bool)
  private var begunCheck: BegunCheck?
  /// The names of fields and log groups in this use, once they were read.
  var catalogue: Catalogue?

  /// How long the version of the tables and the rights of the user are taken for granted.
  private static let trustedDuration = Duration.seconds(10)

  public init(_ client: ClickHouseClient, _ opened: OpenedStore) {
    self.client = client
    known = (opened.state, .now, true)
  }

  public var eventCount: Int { known.state.eventCount }

  public func reuse() -> Bool {
    known.isCurrent = false
    begunCheck = nil
    catalogue = nil
    return known.time.duration(to: .now) < Self.trustedDuration
  }

  public func beginCheck(_ cancellation: Cancellation) {
    guard !known.isCurrent, begunCheck == nil else { return }
    begunCheck = BegunCheck(client, cancellation)
  }

  public func state(_ cancellation: Cancellation) throws(StoreError) -> RemoteState {
    if !known.isCurrent {
      let state = begunCheck?.state()
      begunCheck = nil
      if let state {
        known.state = state
        known.isCurrent = true
      } else {
        known = (try OpenedStore(client, cancellation: cancellation).state, .now, true)
      }
    }
    return known.state
  }

  public var capabilities: ScanCapabilities { Self.allCapabilities }

  public var facts: any RemoteFacts { ClickHouseFacts(client) }

  /// The capabilities of scans on any server.
  public static let allCapabilities = ScanCapabilities(
    relations: Set(RemoteRelation.all.map(\.name)), scalars: ClickHouseDialect.scalars,
    constantArguments: [.matches, .capture, .glob, .matchesGlob, .dateFloor, .dateCeil],
    aggregates: ClickHouseDialect.aggregates, hasStages: true,
    refusal: { request, relation in
      do throws(Refusal) {
        _ = try RemoteStatement(request, of: relation, columns: [])
        return nil
      } catch {
        return error.reason
      }
    })

  /// The settings that affect the meaning of statements; they are sent with every query.
  static let settings = [
    // Queries must not change anything.
    "readonly": "2",
    // A name that is both a column and an alias refers to the column.
    "prefer_column_name_to_alias": "1",
    "join_use_nulls": "1",
    "use_variant_as_common_type": "0",
    "enable_positional_arguments": "0",
    // Otherwise the last digit of a number is often wrong.
    "precise_float_parsing": "1",
  ]

  /// Returns the settings that enforce the limits of a query's context.
  static func settings(for context: ExecutionContext) -> [String: String] {
    var settings = Self.settings
    if let deadline = context.cancellation.deadline {
      let left = (deadline - .now) / .seconds(1)
      settings["max_execution_time"] = "\(max(left, 0.001))"
    }
    return settings
  }

  public func scan(
    _ request: ScanRequest, of relation: String, columns: [String], context: ExecutionContext
  ) throws(StoreError) -> any EventScan {
    let statement: RemoteStatement
    do throws(Refusal) {
      statement = try RemoteStatement(request, of: relation, columns: columns)
    } catch {
      throw .remote(
        RemoteFailure(.unexpected, "a scan was planned that ClickHouse cannot do: \(error.reason)"))
    }
    return try RemoteScan(statement, client, context)
  }
}

extension RemoteScanner {
  public var address: String { client.address.description }

  public func statement(
    _ request: ScanRequest, of relation: String, columns: [String]
  ) -> String {
    guard let statement = try? RemoteStatement(request, of: relation, columns: columns) else {
      return ""
    }
    let values = statement.parameters.sorted {
      $0.key.count < $1.key.count || $0.key.count == $1.key.count && $0.key < $1.key
    }
    .map { "-- \($0.key) = '\($0.value)'" }
    return ([statement.text] + values).joined(separator: "\n")
  }
}

/// A scan that runs on a server.
final class RemoteScan: EventScan {
  /// The maximum number of rows, and of bytes of texts, per batch.
  private static let batchRowCount = 4096
  private static let batchByteCount = 1 << 20

  private let statement: RemoteStatement
  private let readings: [RemoteStatement.Reading]
  private let columnCount: Int
  private let context: ExecutionContext
  private var answer: ClickHouseAnswer
  private var reader: RowBinaryReader
  private var rowCount = 0
  /// The sum of the column with the number of rows in each group.
  private var groupedCount = 0
  private var isAtEnd = false
  private var isReported = false
  /// Batches that were read to find out whether the statement without an order suffices.
  private var waiting: [RowBatch] = []

  init(
    _ statement: RemoteStatement, _ client: ClickHouseClient, _ context: ExecutionContext
  ) throws(StoreError) {
    self.statement = statement
    readings = statement.readings
    columnCount = max(readings.count, 1, (statement.countColumn ?? 0) + 1)
    self.context = context
    func begin(_ text: String) throws(StoreError) -> (ClickHouseAnswer, RowBinaryReader) {
      let answer = try client.query(
        text, parameters: statement.parameters,
        settings: RemoteScanner.settings(for: context), isWhole: statement.isWhole,
        cancellation: context.cancellation)
      return (answer, try RowBinaryReader(answer))
    }
    guard let unordered = statement.unordered else {
      (answer, reader) = try begin(statement.text)
      return
    }
    (answer, reader) = try begin(unordered.text)
    while let batch = try readBatch() { waiting.append(batch) }
    waiting.reverse()
    guard rowCount > unordered.limit else { return }
    (rowCount, groupedCount, isAtEnd, waiting) = (0, 0, false, [])
    (answer, reader) = try begin(statement.text)
  }

  var statistics: ScanStatistics {
    ScanStatistics(
      eventsRead: answer.summary["read_rows"] ?? 0, bytesRead: answer.summary["read_bytes"] ?? 0,
      matchedRows: matchedCount)
  }

  /// The number of events that met the conditions; `nil` if it is not known.
  private var matchedCount: Int? {
    guard isAtEnd, let matched = statement.matched, rowCount < matched.limit ?? .max else {
      return nil
    }
    return matched.isCounted ? groupedCount : rowCount
  }

  func nextBatch() throws(StoreError) -> RowBatch? {
    if let batch = waiting.popLast() { return batch }
    let batch = try readBatch()
    if isAtEnd, !isReported {
      isReported = true
      let statistics = statistics
      context.progress.addScanned(
        events: statistics.eventsRead, bytes: statistics.bytesRead,
        matched: matchedCount ?? rowCount)
    }
    return batch
  }

  private func readBatch() throws(StoreError) -> RowBatch? {
    guard !isAtEnd else { return nil }
    let batch = RowBatchBuilder(columnCount: readings.count)
    while batch.rowCount < Self.batchRowCount, batch.byteCount < Self.batchByteCount {
      guard try reader.hasRow() else {
        isAtEnd = true
        break
      }
      if readings.isEmpty { batch.appendEmptyRow() }
      for column in 0..<columnCount {
        let value = try reader.value(ofColumn: column)
        if column < readings.count { try append(value, readings[column], to: batch) }
        if column == statement.countColumn, case .integer(let count) = value {
          groupedCount += Int(count)
        }
      }
    }
    rowCount += batch.rowCount
    return batch.rowCount == 0 ? nil : batch.batch()
  }

  private func append(
    _ value: RowBinaryReader.Value, _ reading: RemoteStatement.Reading, to batch: RowBatchBuilder
  ) throws(StoreError) {
    switch value {
    case .null: batch.appendMissing()
    case .integer(let integer): batch.append(integer)
    case .real(let real): batch.append(real)
    case .unsigned(let bits): batch.append(Double(bits))
    case .text(let range):
      try reader.buffer.withUnsafeBufferPointer { buffer throws(StoreError) in
        let text = UnsafeBufferPointer(rebasing: buffer[range])
        switch reading {
        case .parts(let use): batch.append(try Self.result(use, of: text))
        case .value(.numeral):
          // Aggregates return numbers themselves, unlike values that were written in an event.
          switch NumericText.number(text) {
          case .integer(let integer)?: batch.append(integer)
          case .real(let real)?: batch.append(real)
          case nil: batch.appendMissing()
          }
        case .value(.tagged):
          let value = UnsafeBufferPointer(rebasing: text.dropFirst())
          switch text.first {
          case UInt8(ascii: "n"): batch.append(numberWritten: value)
          default: batch.append(value)
          }
        case .value(.integer), .value(.real), .value(.truth), .value(.text): batch.append(text)
        }
      }
    }
  }

  /// Returns the result of an aggregate from its parts.
  private static func result(
    _ use: RemoteValue.Parts.Use, of text: UnsafeBufferPointer<UInt8>
  ) throws(StoreError) -> Cell {
    switch use {
    case .sum: if let sum = NumberSum(addends: text) { return sum.total }
    case .mean: if let sum = NumberSum(addends: text) { return sum.mean }
    case .percentile(let percentage):
      if let values = ValuesAroundRank(text) {
        return values.percentile(percentage).map { Cell($0) } ?? .null
      }
    case .integer: break
    }
    throw .remote(
      RemoteFailure(.unexpected, "the ClickHouse server gives an aggregate in an unknown form"))
  }
}
