internal import InsightsScan
public import InsightsModel
public import InsightsStore
internal import InsightsText
internal import InsightsThreads

/// Scans the tables of a store on a ClickHouse server, which executes the scan requests of a query.
///
/// Must be used by one thread at a time.
public final class RemoteScanner: RemoteEvents {
  let client: ClickHouseClient
  private let opened: OpenedStore
  /// The names of fields and log groups, once they were read.
  var catalogue: Catalogue?

  public init(_ client: ClickHouseClient, _ opened: OpenedStore) {
    self.client = client
    self.opened = opened
  }

  public var eventCount: Int { opened.eventCount }

  public var contentVersion: String { opened.contentVersion }

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

  private let kinds: [RemoteValue.Kind]
  private let answer: ClickHouseAnswer
  private let reader: RowBinaryReader
  private let context: ExecutionContext
  private var rowCount = 0
  private var isAtEnd = false

  init(
    _ statement: RemoteStatement, _ client: ClickHouseClient, _ context: ExecutionContext
  ) throws(StoreError) {
    kinds = statement.kinds
    self.context = context
    answer = try client.query(
      statement.text, parameters: statement.parameters,
      settings: RemoteScanner.settings(for: context), isWhole: statement.isWhole,
      cancellation: context.cancellation)
    reader = try RowBinaryReader(answer)
  }

  var statistics: ScanStatistics {
    ScanStatistics(
      eventsRead: answer.summary["read_rows"] ?? 0, bytesRead: answer.summary["read_bytes"] ?? 0)
  }

  func nextBatch() throws(StoreError) -> RowBatch? {
    guard !isAtEnd else { return nil }
    let batch = RowBatchBuilder(columnCount: kinds.count)
    while batch.rowCount < Self.batchRowCount, batch.byteCount < Self.batchByteCount {
      guard try reader.hasRow() else {
        isAtEnd = true
        break
      }
      if kinds.isEmpty {
        _ = try reader.value(ofColumn: 0)
        batch.appendEmptyRow()
      }
      for (column, kind) in kinds.enumerated() {
        try append(reader.value(ofColumn: column), kind, to: batch)
      }
    }
    rowCount += batch.rowCount
    if isAtEnd {
      let statistics = statistics
      context.progress.addScanned(
        events: statistics.eventsRead, bytes: statistics.bytesRead, matched: rowCount)
    }
    return batch.rowCount == 0 ? nil : batch.batch()
  }

  private func append(
    _ value: RowBinaryReader.Value, _ kind: RemoteValue.Kind, to batch: RowBatchBuilder
  ) {
    switch value {
    case .null: batch.appendMissing()
    case .integer(let integer): batch.append(integer)
    case .real(let real): batch.append(real)
    case .unsigned(let bits): batch.append(Double(bits))
    case .text(let range):
      reader.buffer.withUnsafeBufferPointer { buffer in
        let text = UnsafeBufferPointer(rebasing: buffer[range])
        switch kind {
        case .numeral:
          // Aggregates return numbers themselves, unlike values that were written in an event.
          switch NumericText.number(text) {
          case .integer(let integer)?: batch.append(integer)
          case .real(let real)?: batch.append(real)
          case nil: batch.appendMissing()
          }
        case .tagged:
          let value = UnsafeBufferPointer(rebasing: text.dropFirst())
          switch text.first {
          case UInt8(ascii: "n"): batch.append(numberWritten: value)
          case UInt8(ascii: "r"):
            batch.append(Double(String(decoding: value, as: UTF8.self)) ?? .nan)
          default: batch.append(value)
          }
        case .integer, .real, .truth, .text: batch.append(text)
        }
      }
    }
  }
}
