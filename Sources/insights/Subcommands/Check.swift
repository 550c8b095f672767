internal import ArgumentParser
internal import Glibc
internal import InsightsClickHouse
internal import InsightsEngine
internal import InsightsOutput
internal import InsightsQuery
internal import InsightsStore

/// `insights check`: compiles queries without running them.
///
/// Needs no store; with a store it finds more.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compile queries without running them, and say what is wrong.",
    usage: "insights check <query> ... [<options>]",
    discussion: """
      Warns of what CloudWatch does otherwise than one thinks. Where there is a store, its fields
      are known, and the cost of the query in CloudWatch is estimated.

      Without a query, and with a store on a ClickHouse server, it says whether that can be used: its
      version, the rights of the user, and the tables.
      """)

  @Argument(
    help: ArgumentHelp("Queries, .insights files, or links into AWS's console.", valueName: "query")
  )
  var queries: [String] = []

  @OptionGroup var summary: SummaryOptions
  @OptionGroup var range: RangeOptions
  @OptionGroup var lookup: LookupOptions
  @OptionGroup var pack: PackOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var messages: MessageOptions

  func validate() throws {
    if queries.isEmpty, !store.isRemote {
      throw ValidationError("name a query, or a store on a ClickHouse server with --db")
    }
  }

  func run() throws {
    let reporter = messages.reporter
    try reporting(to: reporter) {
      if queries.isEmpty, let address = try store.clickHouse() {
        return try check(address, reporter)
      }
      let engine = try engineOfStore()
      var statuses: [ExitStatus] = []
      for query in queries {
        let isFile = query.hasSuffix(".insights")
        guard let text = isFile ? TextFile.read(query) : query else {
          reporter.error("query file '\(query)' cannot be read")
          statuses.append(.noInput)
          continue
        }
        do {
          try check(
            SavedQuery(name: isFile ? query : "query", given: text), engine: engine, reporter)
        } catch let error as ConsoleLinkError {
          let failure = Failure(error)
          reporter.error(failure.message, help: failure.help)
          statuses.append(failure.status)
        } catch let error as QueryError {
          reporter.diagnostics(error.diagnostics, of: error.source)
          statuses.append(.data)
        }
      }
      return ExitStatus.mostSevere(statuses)
    }
  }

  /// Checks whether a server can be used, and reports its problems.
  private func check(_ address: ClickHouseAddress, _ reporter: Reporter) throws -> ExitStatus {
    let server = try ServerCheck(of: address, cancellation: messages.cancellation)
    try summary.write(server.figures, color: messages.color)
    for problem in server.problems { reporter.error(problem.message, help: [problem.help]) }
    return server.problems.isEmpty ? .success : .noInput
  }

  private func check(_ saved: SavedQuery, engine: Engine?, _ reporter: Reporter) throws {
    var preparation = pack.preparation(lookup, parameters: saved.sampleValues)
    preparation.range = range.selection
    preparation.logGroups = range.logGroup
    let request = try preparation.request(
      for: preparation.prepare(saved),
      at: range.selection.clock(newest: { try engine?.newestTimestamp() }))
    let source = request.source
    var options = request.options
    options.allowsUnknownLookupTables = true
    let compiled =
      try engine?.compile(source, options: options) ?? CompiledQuery(source, options: options)
    let traps =
      engine?.traps(of: compiled) ?? Trap.warnings(in: compiled.syntax, of: compiled.source)
    reporter.diagnostics(compiled.warnings + traps, of: compiled.source)
    if let engine { reportCost(of: compiled, try engine.scannedBytes(of: compiled), reporter) }
  }

  /// Opens the store if one was given, or the default store if it can be opened.
  private func engineOfStore() throws -> Engine? {
    if store.database != nil { return try openEngine(store, messages) }
    return access(store.path, F_OK) == 0 ? try? openEngine(store, messages) : nil
  }

  /// CloudWatch's price for 2^30 bytes scanned in us-east-1 and most regions, in US$.
  private static let pricePerGigabyte = 0.005

  private func reportCost(of query: CompiledQuery, _ bytes: Int64, _ reporter: Reporter) {
    let price = Double(bytes) / Double(1 << 30) * Self.pricePerGigabyte
    let tenThousandths = Int((price * 10_000).rounded())
    let fraction = String(10_000 + tenThousandths % 10_000).dropFirst()
    let cost =
      tenThousandths > 0
      ? "about US$ \((tenThousandths / 10_000).grouped).\(fraction)" : "less than US$ 0.0001"
    reporter.note(
      "\(query.source.name) reads \(bytes.grouped) bytes of messages: \(cost) in CloudWatch",
      help: ["the price is US$ 0.005 per GB scanned, as in us-east-1; other regions differ"])
  }
}
