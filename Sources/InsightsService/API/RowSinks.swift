internal import InsightsEngine
internal import InsightsModel
internal import InsightsOutput
internal import InsightsStore
internal import InsightsText

/// Collects the rows of a query as JSON: a list of the columns, and a list of values for each row.
final class DocumentSink: RowSink {
  private(set) var columns: [UInt8] = Array("[]".utf8)
  let rows = StoredRows()
  private var writer = JSONListWriter(columns: [])
  private var bytes: [UInt8] = []

  func begin(_ columns: [ResultColumn], of query: CompiledQuery) {
    writer = JSONListWriter(columns: columns)
    self.columns = columns.json.bytes
  }

  func receive(_ batch: [[Value]]) throws {
    for row in batch {
      bytes.removeAll(keepingCapacity: true)
      writer.append(row, to: &bytes)
      try rows.append(bytes)
    }
  }
}

/// Writes the rows of a query in an output format to a spool, until all are found.
final class FileSink: RowSink {
  let spool = OutputSpool(folder: TemporaryFiles.folder)
  private let formatter: any RowFormatter
  private let showsStatistics: Bool
  private var writer: (any RowWriter)?
  private var rowCount = 0

  init(_ formatter: any RowFormatter, showsStatistics: Bool) {
    self.formatter = formatter
    self.showsStatistics = showsStatistics
  }

  func begin(_ columns: [ResultColumn], of query: CompiledQuery) throws {
    let writer = formatter.rowWriter(for: columns)
    self.writer = writer
    try spool.append { writer.appendHead(to: &$0) }
  }

  func receive(_ batch: [[Value]]) throws {
    for row in batch {
      try spool.append { writer?.append(row, number: rowCount, to: &$0) }
      rowCount += 1
    }
  }

  func end(_ outcome: QueryOutcome) throws {
    try spool.append {
      writer?.appendEnd(
        rowCount: rowCount, statistics: showsStatistics ? outcome.statistics : nil, to: &$0)
    }
  }
}

/// Sends the rows of a query while they are found, one JSON value per line.
///
/// The columns, batches of rows, then the statistics or an error: a reply that ends with neither is
/// incomplete.
final class LineSink: RowSink {
  private let stream: any ReplyStream
  private let diagnostics: [JSONValue]
  private var writer = JSONListWriter(columns: [])
  private var rowCount = 0

  init(_ stream: any ReplyStream, _ diagnostics: [JSONValue]) {
    self.stream = stream
    self.diagnostics = diagnostics
  }

  func begin(_ columns: [ResultColumn], of query: CompiledQuery) throws {
    writer = JSONListWriter(columns: columns)
    try send(["columns": columns.json, "diagnostics": .array(diagnostics)])
  }

  func receive(_ batch: [[Value]]) throws {
    rowCount += batch.count
    var line = Array(#"{"rows":["#.utf8)
    for (index, row) in batch.enumerated() {
      if index > 0 { line.append(UInt8(ascii: ",")) }
      writer.append(row, to: &line)
    }
    line += Array("]}\n".utf8)
    try send(line)
  }

  func end(_ outcome: QueryOutcome) throws {
    try send(["statistics": .object(outcome.statistics.json(resultCount: rowCount))])
  }

  /// Writes the error that ends the rows.
  func fail(_ error: APIError) {
    try? send(error.json)
  }

  private func send(_ value: JSONValue) throws { try send(value.bytes + [UInt8(ascii: "\n")]) }

  private func send(_ line: [UInt8]) throws {
    guard stream.write(line) else { throw ClientGone() }
  }
}

/// The reply is no longer read.
private struct ClientGone: Error {}

extension [ResultColumn] {
  /// `[{"name", "type"}]`.
  var json: JSONValue {
    .array(map { ["name": .string($0.name), "type": .string($0.type.nameInJSON)] })
  }
}

extension ValueType {
  /// The type of the values for clients; a string if it is known only event by event.
  fileprivate var nameInJSON: String {
    switch self {
    case .any, .text, .element: "string"
    case .number: "number"
    case .boolean: "boolean"
    case .timestamp: "timestamp"
    case .structure: "map"
    case .list: "list"
    }
  }
}
