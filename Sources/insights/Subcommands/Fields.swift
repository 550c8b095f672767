internal import ArgumentParser
internal import InsightsEngine
internal import InsightsOutput

/// `insights fields`: which fields the events of a store have.
struct Fields: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the fields discovered in JSON messages, the most frequent first.",
    usage: "insights fields [<options>]")

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var messages: MessageOptions

  func run() throws {
    try reporting(to: messages.reporter) {
      try OutputFile.check(output.output, store: store.path)
      let table = try openEngine(store, messages).fields()
      try output.write(color: messages.color) { formatter, buffer in
        try formatter.write(table, to: &buffer)
      }
      return .success
    }
  }
}
