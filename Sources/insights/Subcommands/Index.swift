internal import ArgumentParser
internal import InsightsEngine
internal import InsightsModel
internal import InsightsOutput
internal import InsightsText

/// `insights index`: manages the indexed fields of a store.
struct Index: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the field indexes of a store, add some, or remove some.",
    usage: "insights index [<field> ...] [<options>]",
    discussion: """
      'filterIndex', and 'filter' with '=' or 'in', read only those parts of the store that may \
      have a value of an indexed field; the rows are the same. What is stored is indexed at once, \
      and what is ingested later with each ingest.

      Examples:
        insights index orderId http.status
        insights query 'filterIndex orderId = "A-1042"' --timing
        insights index --remove orderId
      """)

  @Argument(help: "Fields to index, as 'insights fields' lists them; none only lists the indexes.")
  var fields: [String] = []

  @Flag(help: "Remove the indexes of these fields.")
  var remove = false

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var messages: MessageOptions

  func validate() throws {
    if fields.contains("") { throw ValidationError("a field has no name") }
    if remove, fields.isEmpty { throw ValidationError("--remove takes the fields to remove") }
  }

  func run() throws {
    try reporting(to: messages.reporter) {
      if store.isRemote {
        throw Failure(
          .usage, "a store on a ClickHouse server has no field indexes",
          help: ["its tables have indexes of their own: insights schema --for clickhouse"])
      }
      try OutputFile.check(output.output, store: store.path)
      Interruption.watch(grace: 0)
      if remove {
        try Engine.removeFieldIndexes(
          of: fields, fromStoreAt: store.path, waiting: messages.waiting(for: store.path))
      } else if !fields.isEmpty {
        let progress = ProgressReport(isShown: !messages.quiet)
        try Engine.addFieldIndexes(
          of: fields, toStoreAt: store.path,
          waiting: messages.waiting(for: store.path), progress: progress.update)
        progress.erase()
      }
      let engine = try openEngine(store, messages)
      if !remove { try reportUnknownFields(of: engine) }
      let table = try engine.fieldIndexes()
      try output.write(color: messages.color) { formatter, buffer in
        try formatter.write(table, to: &buffer)
      }
      return .success
    }
  }

  /// Reports which of the fields no JSON message has.
  ///
  /// System fields and those of lines with a fixed layout are not counted.
  private func reportUnknownFields(of engine: Engine) throws {
    let known = try engine.fields().rows.compactMap { row -> String? in
      if case .text(let name)? = row.first { name } else { nil }
    }
    for field in fields
    where !field.hasPrefix("@") && !DelimitedFields.names.contains(field) && !known.contains(field)
    {
      let similar = EditDistance.suggestions(for: field, among: known).map { "'\($0)'" }
      messages.reporter.note(
        "no event has a field '\(field)'",
        help: similar.isEmpty
          ? [] : ["a field with a similar name exists: \(similar.joined(separator: ", "))"])
    }
  }
}
