internal import InsightsModel
internal import ArgumentParser
internal import InsightsClickHouse
internal import InsightsEngine
internal import InsightsOutput
internal import InsightsStore

/// Options that select the store.
struct StoreOptions: ParsableArguments {
  @Option(
    name: .customLong("db"),
    help: ArgumentHelp(
      """
      The store: a file, or clickhouse://user@host:8123/database. Default: $INSIGHTS_DB, else \
      insights.db in the current folder.
      """, valueName: "file"),
    completion: .file(extensions: ["db"]))
  var database: String?

  @Option(
    help: ArgumentHelp(
      "ClickHouse: the file with the password. Default: $INSIGHTS_CLICKHOUSE_PASSWORD.",
      valueName: "file"),
    completion: .file())
  var passwordFile: String?

  @Option(
    name: .customLong("ca-file"),
    help: ArgumentHelp(
      "ClickHouse: trust the certificates of this file, in PEM, and no others.",
      valueName: "file"),
    completion: .file())
  var certificateFile: String?

  func validate() throws {
    if database == "" { throw ValidationError("--db takes the file of a store, not an empty name") }
    if passwordFile != nil || certificateFile != nil, !isRemote {
      throw ValidationError("--password-file and --ca-file are for a store on a ClickHouse server")
    }
    guard isRemote else { return }
    do throws(ClickHouseAddress.Problem) { _ = try ClickHouseAddress(path) } catch {
      throw ValidationError("\(error.message); \(error.help)")
    }
    StoreLogin(
      password: Terminal.environmentVariable("INSIGHTS_CLICKHOUSE_PASSWORD") ?? "",
      passwordFile: passwordFile, certificateFile: certificateFile
    ).use()
  }

  var path: String {
    if let database { return database }
    if let path = Terminal.environmentVariable("INSIGHTS_DB"), !path.isEmpty { return path }
    return "insights.db"
  }

  /// Whether the store is on a ClickHouse server.
  var isRemote: Bool { ClickHouseAddress.recognizes(path) }

  /// The address of the store on a ClickHouse server; `nil` for a file.
  ///
  /// - Throws: `StoreError.remote` if the file with the password cannot be read.
  func clickHouse() throws(StoreError) -> ClickHouseAddress? {
    try ClickHouseAddress(ofStore: path)
  }
}
