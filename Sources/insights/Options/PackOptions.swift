internal import ArgumentParser
internal import InsightsEngine
internal import InsightsOutput
internal import InsightsQuery

/// Where saved queries are looked for.
struct PackOptions: ParsableArguments {
  @Option(
    name: .customLong("queries"),
    help: ArgumentHelp(
      "Look for saved queries here first; then in $INSIGHTS_QUERIES, ./Queries and the built-in ones.",
      valueName: "folder"), completion: .directory)
  var folder: String?

  /// A query with saved ones in the place of their calls.
  func expanding(_ source: SourceText) throws -> SourceText {
    // Only a call needs the pack, which is read from files.
    guard source.bytes.contains(UInt8(ascii: "$")) else { return source }
    return try load().expandingCalls(in: source)
  }

  func load() -> QueryPack {
    QueryPack(folders: folders)
  }

  private var folders: [String] {
    [folder, Terminal.environmentVariable("INSIGHTS_QUERIES"), "Queries"].compactMap { $0 }
      .filter { !$0.isEmpty }
  }

  /// The folder `Lookups` beside each folder of queries.
  var lookupFolders: [String] {
    folders.map { folder in
      var path = Substring(folder)
      while path.count > 1, path.hasSuffix("/") { path.removeLast() }
      return path.lastIndex(of: "/").map { path[...$0] + "Lookups" } ?? "Lookups"
    }
  }
}
