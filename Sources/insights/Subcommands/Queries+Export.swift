public import ArgumentParser
public import InsightsEngine
internal import InsightsOutput
internal import InsightsQuery

extension QueryExport: ExpressibleByArgument {}

extension Queries {
  /// `insights queries export`: exports saved queries to an AWS account.
  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract:
        "Write saved queries as a CloudFormation template, for Terraform, as a script, or as links.",
      usage: "insights queries export --to <tool> [<name> ...] [<options>]",
      discussion: """
        Only queries that AWS can run are written; the others are named on standard error. Parameters are filled in, with their defaults unless --param says otherwise.

        Examples:
          insights queries export --to cloudformation > queries.yaml
          insights queries export lambda --to terraform --output queries.tf
          insights queries export lambda/cold-starts --to cli --log-group /aws/lambda/shop | sh
          insights queries export lambda/cold-starts --to url --region eu-west-1
        """)

    @Argument(
      help: ArgumentHelp("Queries or packs, such as lambda. Default: all.", valueName: "name"))
    var names: [String] = []

    @Option(
      help: ArgumentHelp("What the queries are written for.", valueName: "tool"))
    var to: QueryExport

    @Option(
      help: ArgumentHelp(
        "A log group that the queries read when they are opened; repeatable.", valueName: "name"))
    var logGroup: [String] = []

    @Option(
      help: ArgumentHelp(
        "The region that links lead to. Default: $AWS_REGION, then $AWS_DEFAULT_REGION.",
        valueName: "name"))
    var region: String?

    @Option(
      help: ArgumentHelp("Write to this file.", valueName: "file"), completion: .file())
    var output: String?

    @OptionGroup var parameters: ParameterOptions
    @OptionGroup var lookup: LookupOptions
    @OptionGroup var pack: PackOptions
    @OptionGroup var messages: MessageOptions

    func run() throws {
      let reporter = messages.reporter
      try reporting(to: reporter) {
        let region = try regionOfLinks()
        let queries = try pack.queries(named: names)
        let preparation = pack.preparation(lookup, parameters: parameters.values)
        let sources = try preparation.filled(queries)
        var exported: [ExportedQuery] = []
        var status = ExitStatus.success
        for (query, source) in zip(queries, sources) {
          do {
            // Calls of other queries are kept, since AWS supports them.
            let whole = try preparation.expanded(source)
            let tables = try preparation.tables(usedBy: [whole])
            let compiled = try CompiledQuery(
              whole, options: Binder.Options(lookupTables: preparation.columns(of: tables)))
            exported.append(try ExportedQuery(query, as: source, compiled: compiled))
          } catch let error as ExportError {
            reporter.note("'\(query.name)' is left out: \(error)")
          } catch let error as QueryError {
            reporter.diagnostics(error.diagnostics, of: error.source)
            status = .data
          }
        }
        guard !exported.isEmpty else {
          throw Failure(.data, "none of these queries can be run by AWS")
        }
        try OutputFile.write(to: output, color: messages.color) { _, buffer in
          buffer.append(to.text(for: exported, logGroups: logGroup, region: region))
        }
        return status
      }
    }

    /// The given region; empty if none is needed.
    private func regionOfLinks() throws -> String {
      guard to.needsRegion else { return "" }
      let region =
        region ?? Terminal.environmentVariable("AWS_REGION")
        ?? Terminal.environmentVariable("AWS_DEFAULT_REGION") ?? ""
      guard !region.isEmpty, region.utf8.allSatisfy(\.isRegionCharacter) else {
        throw Failure(
          .usage, region.isEmpty ? "a link needs a region" : "'\(region)' is no region",
          help: ["give one: --region eu-west-1"])
      }
      return region
    }
  }
}

extension UInt8 {
  /// Whether it is a lower-case letter, a digit or a hyphen.
  fileprivate var isRegionCharacter: Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) || self == UInt8(ascii: "-")
  }
}

extension PackOptions {
  /// Returns the queries with the given names, each once; all queries without names.
  func queries(named names: [String]) throws -> [SavedQuery] {
    let pack = load()
    guard !names.isEmpty else { return pack.queries }
    var queries: [SavedQuery] = []
    for name in names {
      let found = pack.queries(named: name)
      guard !found.isEmpty else {
        let similar = pack.namesSimilar(to: name)
        throw Failure(
          .noInput, "there is no saved query or pack '\(name)'",
          help: similar.isEmpty ? ["list them: insights queries"] : ["did you mean \(similar)?"])
      }
      for query in found where !queries.contains(where: { $0.name == query.name }) {
        queries.append(query)
      }
    }
    return queries
  }
}
