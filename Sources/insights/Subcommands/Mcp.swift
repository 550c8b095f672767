internal import ArgumentParser
internal import InsightsEngine
internal import InsightsService

/// `insights mcp`: serves the store to agents.
struct Mcp: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Answer agents by the Model Context Protocol, over standard input and output.",
    usage: "insights mcp [<options>]",
    discussion: """
      Agents and editors start this program themselves; Documentation/Server.md says how each is told \
      to. `insights serve` offers the same tools at /mcp. It ends when its input does.

      Examples:
        insights mcp --db logs.db
        claude mcp add insights -- insights mcp --db /path/to/logs.db
      """)

  @OptionGroup var store: StoreOptions
  @OptionGroup var pack: PackOptions
  @OptionGroup var messages: MessageOptions

  func run() throws {
    try reporting(to: messages.reporter) {
      // Report a missing store now, not at the first call.
      _ = try openEngine(store, messages)
      MCPStandardStreams.run(
        LogService(
          LogService.Options(
            storePath: store.path, isReadOnly: true, timeout: messages.timeout?.length,
            pack: pack.load(), version: Insights.version)))
      return .success
    }
  }
}
