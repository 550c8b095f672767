internal import ArgumentParser
internal import InsightsEngine
internal import InsightsOutput

/// Where saved queries are looked for.
struct PackOptions: ParsableArguments {
  @Option(
    name: .customLong("queries"),
    help: ArgumentHelp(
      "Look for saved queries here first; then in $INSIGHTS_QUERIES, ./Queries and the built-in ones.",
      valueName: "folder"), completion: .directory)
  var folder: String?

  func load() -> QueryPack {
    QueryPack(
      folders: [folder, Terminal.environmentVariable("INSIGHTS_QUERIES"), "Queries"].compactMap {
        $0
      }
      .filter { !$0.isEmpty })
  }
}
