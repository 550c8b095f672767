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

  func load() -> QueryPack { Self.load(from: folder) }

  /// The saved queries of this folder and of the others that are looked into.
  static func load(from folder: String?) -> QueryPack {
    QueryPack(
      folders: [folder, Terminal.environmentVariable("INSIGHTS_QUERIES"), "Queries"].compactMap {
        $0
      }
      .filter { !$0.isEmpty })
  }
}
