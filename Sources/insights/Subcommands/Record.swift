internal import ArgumentParser
internal import InsightsEngine
internal import InsightsModel
internal import InsightsOutput

/// `insights record`: shows one event in full.
struct Record: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show the whole event behind an @ptr, with all its fields.",
    usage: "insights record <ptr> [<options>]",
    discussion: """
      Queries give pointers where they ask for @ptr, and with --format aws.

      Examples:
        insights query 'fields @ptr, @message | filter @message like /ERROR/'
        insights record eaaaaaaaaaaaaaaahaaaaabjmelapdmcn
      """)

  @Argument(help: ArgumentHelp("What a query showed as @ptr.", valueName: "ptr"))
  var pointer: String

  @OptionGroup var input: SourceOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var messages: MessageOptions

  func run() throws {
    let reporter = messages.reporter
    try reporting(to: reporter) {
      guard let pointer = EventPointer(pointer) else {
        throw Failure(
          .usage, "'\(pointer)' is no pointer of this program",
          help: ["ask for some: insights query 'fields @ptr, @message'"])
      }
      let (engine, inputStatus) = try input.open(messages)
      guard let record = try engine.record(pointer) else {
        throw Failure(
          .noInput, "no event is behind this pointer",
          help: ["a pointer leads to an event of the store that it was given by"])
      }
      switch output.format {
      case "table":
        try OutputFile.write(to: output.output, color: messages.color) { terminal, buffer in
          LogRecordText(terminal: terminal, timeZone: output.timeZone).write(record, to: &buffer)
        }
      case "aws":
        try OutputFile.write(to: output.output, color: messages.color) { _, buffer in
          LogRecordReply.write(record, to: &buffer)
        }
      default:
        try output.write(color: messages.color) { formatter, buffer in
          try formatter.write(record, to: &buffer)
        }
      }
      return inputStatus
    }
  }
}
