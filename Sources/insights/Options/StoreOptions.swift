internal import ArgumentParser
internal import InsightsOutput

/// Options that select the store.
struct StoreOptions: ParsableArguments {
  @Option(
    name: .customLong("db"),
    help: ArgumentHelp(
      "The store. Default: $INSIGHTS_DB, else insights.db in the current folder.",
      valueName: "file"),
    completion: .file(extensions: ["db"]))
  var database: String?

  func validate() throws {
    if database == "" { throw ValidationError("--db takes the file of a store, not an empty name") }
  }

  var path: String {
    if let database { return database }
    if let path = Terminal.environmentVariable("INSIGHTS_DB"), !path.isEmpty { return path }
    return "insights.db"
  }
}
