internal import ArgumentParser

/// Options for the tables of `lookup` and `cidrlookup`.
struct LookupOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Gives 'lookup' a table, a CSV file; repeatable. Others are looked for as Lookups/<name>.csv.",
      valueName: "name=file"))
  var lookup: [Parameter] = []

  /// The paths of the files.
  var files: [String] { lookup.map(\.value) }

  /// The files by table name; of several with one name the last counts.
  var filesByTable: [String: String] {
    Dictionary(lookup.map { ($0.name, $0.value) }, uniquingKeysWith: { _, last in last })
  }
}
