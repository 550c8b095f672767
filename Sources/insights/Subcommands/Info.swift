internal import ArgumentParser
internal import InsightsEngine
internal import InsightsOutput

/// `insights info`: summarizes the contents of a store.
struct Info: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Describe a store: events, invocations, errors and what went wrong in them.",
    usage: "insights info [<options>]")

  @OptionGroup var input: SourceOptions
  @OptionGroup var summary: SummaryOptions
  @OptionGroup var messages: MessageOptions

  func run() throws {
    try reporting(to: messages.reporter) {
      let (engine, inputStatus) = try input.open(messages)
      try summary.write(engine.storeStatistics(), color: messages.color)
      return inputStatus
    }
  }
}
