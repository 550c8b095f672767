internal import ArgumentParser
internal import InsightsClickHouse
internal import InsightsOutput
internal import InsightsStore

/// `insights schema`: the tables of a store, as SQL.
struct SchemaCommand: ParsableCommand {
  /// The kinds of databases that can contain a store.
  enum Database: String, CaseIterable, ExpressibleByArgument {
    case sqlite, clickhouse
  }

  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print the tables of a store as SQL.",
    usage: "insights schema --for <database> [<options>]",
    discussion: """
      An ingest makes the tables by itself; they are printed for those who make them otherwise,
      or want to know what they query with other tools.

      Examples:
        insights schema --for sqlite
        insights schema --for clickhouse --cluster main --replicated
      """)

  @Option(name: .customLong("for"), help: "What keeps the store.")
  var database: Database

  @Option(
    help: ArgumentHelp(
      "ClickHouse: share the rows among the shards of this cluster.", valueName: "name"))
  var cluster: String?

  @Flag(help: "ClickHouse: keep the same rows on several servers.")
  var replicated = false

  @OptionGroup var messages: MessageOptions

  func validate() throws {
    if database == .sqlite, cluster != nil || replicated {
      throw ValidationError("--cluster and --replicated are for ClickHouse")
    }
    if cluster == "" { throw ValidationError("--cluster takes the name of a cluster") }
  }

  func run() throws {
    let reporter = messages.reporter
    try reporting(to: reporter) {
      var buffer = OutputBuffer(fileDescriptor: 1)
      switch database {
      case .sqlite: buffer.append(Schema.sql)
      case .clickhouse:
        let layout = ClickHouseSchema.Layout(cluster: cluster, isReplicated: replicated)
        for (index, statement) in ClickHouseSchema.statements(layout).enumerated() {
          buffer.append((index == 0 ? "" : "\n") + statement + ";\n")
        }
      }
      try buffer.flush()
      if cluster != nil || replicated {
        reporter.note(
          "these tables were not tried on a cluster",
          help: ["try them with a copy of some logs first, and see Documentation/ClickHouse.md"])
      }
      return .success
    }
  }
}
