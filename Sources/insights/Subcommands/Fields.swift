internal import ArgumentParser
internal import InsightsEngine
internal import InsightsOutput

/// `insights fields`: lists the fields of the events in a store, or the values of a field.
struct Fields: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the fields discovered in JSON messages, the most frequent first.",
    usage: "insights fields [<name> --values] [<options>]",
    discussion: """
      With the name of a field and --values: how many events have each of its values, the most frequent first.

      Examples:
        insights fields
        insights fields level --values
      """)

  @Argument(help: ArgumentHelp("The field whose values are counted.", valueName: "name"))
  var name: String?

  @Flag(help: "Count the values of a field.")
  var values = false

  @OptionGroup var input: SourceOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var messages: MessageOptions

  func validate() throws {
    if values, name == nil {
      throw ValidationError("--values needs the name of a field: insights fields level --values")
    }
    if let name, !values {
      throw ValidationError("to count the values of '\(name)': insights fields \(name) --values")
    }
  }

  func run() throws {
    try reporting(to: messages.reporter) {
      try OutputFile.check(output.output, store: input.store.path, inputs: input.paths)
      let (engine, inputStatus) = try input.open(messages)
      let table = try name.map(engine.values(ofField:)) ?? engine.fields()
      try output.write(color: messages.color) { formatter, buffer in
        try formatter.write(table, to: &buffer)
      }
      return inputStatus
    }
  }
}
