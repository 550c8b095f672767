internal import ArgumentParser
internal import InsightsEngine
internal import InsightsModel
internal import InsightsQuery

/// The tables of `lookup` and `cidrlookup`.
struct LookupOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Gives 'lookup' a table, a CSV file; repeatable. Others are looked for as Lookups/<name>.csv.",
      valueName: "name=file"))
  var lookup: [Parameter] = []

  /// The files that are named.
  var files: [String] { lookup.map(\.value) }

  /// The tables that the queries name.
  func tables(for sources: [SourceText], pack: PackOptions) throws -> [LookupTable] {
    let files = Dictionary(
      lookup.map { ($0.name, $0.value) }, uniquingKeysWith: { _, last in last })
    return try LookupTables(files: files, folders: pack.lookupFolders).tables(usedBy: sources)
  }

  /// The columns of the tables; none of those that were given and that no query names.
  func columns(of tables: [LookupTable]) -> [String: [String]] {
    Dictionary(
      tables.map { ($0.name, $0.columns) } + lookup.map { ($0.name, []) },
      uniquingKeysWith: { first, _ in first })
  }
}
