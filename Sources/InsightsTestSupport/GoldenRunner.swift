internal import Foundation
internal import InsightsClickHouse
internal import InsightsEngine
internal import InsightsIngest
internal import InsightsModel
internal import InsightsOutput
internal import InsightsQuery
internal import InsightsSQL
internal import InsightsSQLite
internal import InsightsStore
internal import InsightsText
internal import InsightsThreads

/// Runs the cases of a golden file.
public struct GoldenRunner {
  /// A section whose body differs from the program's output.
  public struct Mismatch: Sendable {
    /// The index in the file's sections.
    public var section: Int
    /// The name of the section.
    public var name: String
    /// The text of the query.
    public var query: String
    /// The body in the file.
    public var expected: String
    /// The program's output.
    public var found: String
  }

  /// The sections of a case that are compared with the program's output.
  public static let outputs: Set = [
    "tokens", "syntax", "plan", "sql", "sqlite", "pushdown", "result", "warnings", "traps", "error",
  ]

  private let file: GoldenFile
  private let folder: TemporaryFolder
  private var context = Context()
  private var engine: Engine?
  private var database = ""
  private var storeCount = 0
  /// Whether queries are also run with each scan optimization switched off, over stores of many
  /// small segments.
  private let checksScans: Bool
  /// The server that runs the queries instead; only results are then compared.
  private let server: ClickHouseServer?
  /// Called with each query that has a result, instead of running it.
  private let visit: (@Sendable (CompiledQuery) -> Void)?

  private struct Context {
    var logGroup: String?
    var logStream: String?
    var options = Binder.Options()
    var parameters: [String: String] = [:]
    var tables: [LookupTable] = []
  }

  private init(
    _ file: GoldenFile, checksScans: Bool, server: ClickHouseServer? = nil,
    visit: (@Sendable (CompiledQuery) -> Void)? = nil
  ) throws {
    self.file = file
    self.visit = visit
    self.checksScans = checksScans
    self.server = server
    folder = try TemporaryFolder()
  }

  /// Returns the sections that differ from the program's output.
  ///
  /// With `checksScans`, queries are run over small segments, and a result that depends on the
  /// optimizations is an error.
  public static func mismatches(
    in file: GoldenFile, checksScans: Bool = false
  ) throws -> [Mismatch] {
    var runner = try GoldenRunner(file, checksScans: checksScans)
    return try runner.run()
  }

  /// Returns the results that differ from those of a query over a ClickHouse server.
  public static func mismatches(
    in file: GoldenFile, over server: ClickHouseServer
  ) throws -> [Mismatch] {
    var runner = try GoldenRunner(file, checksScans: false, server: server)
    return try runner.run()
  }

  /// The data that a query over a ClickHouse server transfers.
  public enum Crossing: Int, Sendable, CaseIterable {
    /// Groups, or the first rows: events are processed on the server only.
    case result
    /// The rows that meet the conditions.
    case selectedRows
    /// All rows of the time range and the log groups.
    case allRows
  }

  /// Returns the data that each query with a result would transfer; no query is run.
  public static func crossings(in file: GoldenFile) throws -> [Crossing] {
    let found = Locked<[Crossing]>([])
    var runner = try GoldenRunner(file, checksScans: false) { query in
      found.withLock { $0.append(Crossing(of: query)) }
    }
    _ = try runner.run()
    return found.withLock { $0 }
  }

  private mutating func run() throws -> [Mismatch] {
    var mismatches: [Mismatch] = []
    var query = ""
    var isSelect = false
    for (index, section) in file.sections.enumerated() {
      switch section.name {
      case "logs", "sample-logs": if visit != nil { continue }
      default: break
      }
      switch section.name {
      case "logs": try ingest(section)
      case "sample-logs":
        database = try SampleStore.path
        let store = try server.map { try $0.samples.get() } ?? database
        engine = try Engine(readingStoreAt: store)
      case "log-group": context.logGroup = section.argument
      case "log-stream": context.logStream = section.argument
      case "now": context.options.now = try time(section.argument)
      case "start": context.options.timeRange.start = try time(section.argument)
      case "end": context.options.timeRange.end = try time(section.argument)
      case "param":
        let pair = section.argument.split(separator: "=", maxSplits: 1).map(String.init)
        context.parameters[pair[0]] = pair.count > 1 ? pair[1] : nil
      case "lookup":
        let table = try LookupTable(csv: Array(section.body.utf8), name: section.argument)
        context.tables.append(table)
        context.options.lookupTables = Dictionary(
          context.tables.map { ($0.name, $0.columns) }, uniquingKeysWith: { _, last in last })
        try engine?.load([table])
      case "library":
        try FileManager.default.createDirectory(
          atPath: "\(folder.path)/Queries", withIntermediateDirectories: true)
        _ = try folder.write(section.body + "\n", to: "Queries/\(section.argument).insights")
      case "query", "select":
        query = section.body
        isSelect = section.name == "select"
      case "saved":
        query = try Repository.text(of: "Queries/\(section.argument).insights")
        isSelect = false
      default:
        if server != nil || visit != nil, section.name != "result" { continue }
        if let visit {
          try visit(CompiledQuery(expanded(query), options: context.options))
          continue
        }
        let found =
          isSelect ? try select(query) : try output(of: section, for: query)
        if compared(found) != compared(section.body) {
          mismatches.append(
            Mismatch(
              section: index, name: section.name, query: query, expected: section.body,
              found: found))
        }
      }
    }
    return mismatches
  }

  /// Returns the output without positions in `@ptr`, which are specific to a server.
  private func compared(_ output: String) -> String {
    server == nil ? output : output.replacing(#/"e[a-p]{32}"/#, with: "\"…\"")
  }

  private mutating func ingest(_ section: GoldenFile.Section) throws {
    storeCount += 1
    database = "\(folder.path)/\(storeCount).db"
    let path =
      section.argument.isEmpty
      ? try folder.write(section.body + "\n", to: "\(storeCount).log")
      : Repository.url(section.argument).path
    _ = try Engine.ingest(
      [path], intoStoreAt: database,
      options: ImportOptions(
        logGroup: context.logGroup, logStream: context.logStream,
        segmentEventLimit: checksScans ? 3 : nil))
    if checksScans { try indexAllFields() }
    let store = try server.map { try $0.upload(storeAt: database) } ?? database
    engine = try Engine(readingStoreAt: store)
    try engine?.load(context.tables)
  }

  private func indexAllFields() throws {
    let fields = try Engine(readingStoreAt: database).fields().rows.compactMap { row -> String? in
      if case .text(let name)? = row.first { name } else { nil }
    }
    try Engine.addFieldIndexes(of: fields + ["@type", "@requestId"], toStoreAt: database)
  }

  private func time(_ text: String) throws -> Int64 {
    guard let time = TimeExpression(text) else { throw GoldenError("no time: \(text)") }
    return time.milliseconds(now: 0)
  }

  private func output(of section: GoldenFile.Section, for query: String) throws -> String {
    do {
      let source = try expanded(query)
      switch section.name {
      case "tokens", "syntax", "plan", "sql", "sqlite":
        guard let stage = QueryStage(rawValue: section.name) else { return "" }
        return try Engine.explain(source, stage: stage, options: context.options)
      case "pushdown": return try pushdown(of: source)
      case "result":
        return try text(of: answer(source, for: section.argument).table, as: section.argument)
      case "warnings":
        let warnings = try answer(source).query.warnings
        return DiagnosticRenderer().render(warnings, of: source).trimmedEnd
      case "traps":
        let query = try CompiledQuery(source, options: context.options)
        let warnings =
          engine?.traps(of: query) ?? Trap.warnings(in: query.syntax, of: query.source)
        return DiagnosticRenderer().render(warnings, of: source).trimmedEnd
      case "error":
        _ = try answer(source)
        return "no error"
      default: throw GoldenError("unknown section '\(section.name)' in \(file.path)")
      }
    } catch let error as QueryError {
      return DiagnosticRenderer().render(error.diagnostics, of: error.source).trimmedEnd
    } catch let error as StoreError {
      return "\(error)"
    }
  }

  /// Returns what the scans of a query do, and which of its operations SQL performs, with the
  /// reasons.
  private func pushdown(of source: SourceText) throws -> String {
    let plan = try CompiledQuery(source, options: context.options).plan
    let statement = SQLGenerator.generate(plan, scanning: Store.scanCapabilities)
    guard let pushdown = statement.pushdown else { return "nothing" }
    return pushdown.requests.sorted { $0.key < $1.key }.map { name, request in
      let scan = "\(request)".split(separator: "\n").map { "  scan: \($0)" }
      let rest = (pushdown.localSteps[name] ?? []).map { "  SQL: \($0)" }
      return ([name] + scan + rest).joined(separator: "\n")
    }.joined(separator: "\n")
  }

  /// A query with its parameters, and with the saved queries that it calls.
  private func expanded(_ query: String) throws -> SourceText {
    try QueryPack(folders: ["\(folder.path)/Queries"]).expandingCalls(
      in: SavedQuery(name: "query", text: query).source(filling: context.parameters))
  }

  private func answer(_ source: SourceText, for format: String = "") throws -> Engine.Answer {
    guard let engine else { throw GoldenError("\(file.path) asks for rows before it has logs") }
    var options = context.options
    options.showsDetails = OutputFormatRegistry.showsQueryDetails(format)
    let answer = try engine.answer(source, options: options)
    if checksScans {
      let difference = try ScanComparison.difference(
        of: source, on: engine, options: context.options, inFull: false)
      if let difference { throw GoldenError("\(file.path): \(difference)") }
    }
    return answer
  }

  /// Returns the rows of an SQL statement over the store's tables, as any SQLite tool would.
  private func select(_ sql: String) throws -> String {
    let statement = try Connection(path: database, mode: .readOnly).prepare(sql)
    var lines: [String] = []
    while try statement.step() {
      lines.append(
        (0..<statement.columnCount).map { statement.optionalText(at: $0) ?? "NULL" }
          .joined(separator: " | "))
    }
    return lines.joined(separator: "\n")
  }

  private func text(of table: ResultTable, as format: String) throws -> String {
    let name = format.isEmpty ? "table" : format
    guard let formatter = OutputFormatRegistry.formatter(named: name, for: .none) else {
      throw GoldenError("unknown format '\(name)' in \(file.path)")
    }
    var buffer = OutputBuffer()
    try formatter.write(table, to: &buffer)
    return String(decoding: buffer.bytes, as: UTF8.self).trimmedEnd
  }
}

struct GoldenError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

extension String {
  /// The text without white space at the ends of lines, which editors remove.
  fileprivate var trimmedEnd: String {
    var lines = split(separator: "\n", omittingEmptySubsequences: false).map { line in
      String(line.reversed().drop { $0 == " " }.reversed())
    }
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines.joined(separator: "\n")
  }
}

extension GoldenRunner.Crossing {
  /// The crossing of the scan that transfers the most.
  fileprivate init(of query: CompiledQuery) {
    let statement = SQLGenerator.generate(query.plan, scanning: RemoteScanner.allCapabilities)
    let requests = statement.pushdown?.requests.values.map { $0 } ?? []
    self = requests.map(Self.init).max { $0.rawValue < $1.rawValue } ?? .result
  }

  private init(_ request: ScanRequest) {
    let outputs = [request.output] + request.stages.map(\.output)
    let isResult = outputs.contains { output in
      if case .rows(_, nil) = output { false } else { true }
    }
    let isChosen = isResult || request.stages.contains { $0.firsts != nil }
    self = isChosen ? .result : request.conditions.isEmpty ? .allRows : .selectedRows
  }
}
