internal import ArgumentParser

/// The tables of `lookup` and `cidrlookup`.
struct LookupOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Gives 'lookup' a table, a CSV file; repeatable. Others are looked for as Lookups/<name>.csv.",
      valueName: "name=file"))
  var lookup: [Parameter] = []

  /// The files that are named.
  var files: [String] { lookup.map(\.value) }

  /// The files by the names of their tables; of a name the last counts.
  var filesByTable: [String: String] {
    Dictionary(lookup.map { ($0.name, $0.value) }, uniquingKeysWith: { _, last in last })
  }
}
