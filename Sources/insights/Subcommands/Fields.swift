internal import ArgumentParser
internal import InsightsEngine
internal import InsightsOutput

/// `insights fields`: which fields the events of a store have.
struct Fields: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the fields discovered in JSON messages, the most frequent first.",
    usage: "insights fields [<options>]")

  @OptionGroup var input: SourceOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var messages: MessageOptions

  func run() throws {
    try reporting(to: messages.reporter) {
      try OutputFile.check(output.output, store: input.store.path, inputs: input.paths)
      let (engine, inputStatus) = try input.open(messages)
      let table = try engine.fields()
      try output.write(color: messages.color) { formatter, buffer in
        try formatter.write(table, to: &buffer)
      }
      return inputStatus
    }
  }
}
