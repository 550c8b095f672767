internal import ArgumentParser
internal import InsightsIngest
internal import InsightsModel
internal import InsightsOutput
internal import InsightsQuery

/// `insights functions`: the functions of the language.
struct Functions: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the functions of the language.", usage: "insights functions [<options>]")

  @OptionGroup var output: OutputOptions
  @OptionGroup var messages: MessageOptions

  func run() throws {
    try writeReference(
      ["function", "kind", "summary"],
      FunctionRegistry.all.map {
        [$0.signature, $0.isAggregate ? "aggregate" : "scalar", $0.summary]
      }, to: output, messages)
  }
}

/// `insights commands`: the commands of the language.
struct Commands: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the commands of the language.", usage: "insights commands [<options>]")

  @OptionGroup var output: OutputOptions
  @OptionGroup var messages: MessageOptions

  func run() throws {
    try writeReference(
      ["command", "synopsis", "summary"],
      CommandRegistry.all.map {
        [$0.descriptor.keyword, $0.descriptor.synopsis, $0.descriptor.summary]
      },
      to: output, messages)
  }
}

/// `insights formats`: the log formats that `ingest` reads.
struct Formats: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the log formats that 'ingest' recognises, with a sample of each.",
    usage: "insights formats [<options>]")

  @OptionGroup var output: OutputOptions
  @OptionGroup var messages: MessageOptions

  func run() throws {
    try writeReference(
      ["format", "summary", "sample"],
      LogFormatRegistry.descriptors.map { [$0.name, $0.summary, $0.sample] }, to: output, messages)
  }
}

private func writeReference(
  _ names: [String], _ rows: [[String]], to output: OutputOptions, _ messages: MessageOptions
) throws {
  try reporting(to: messages.reporter) {
    let table = ResultTable(
      columns: names.map { ResultColumn(name: $0, type: .text) },
      rows: rows.map { $0.map { .text($0) } })
    try output.write(color: messages.color) { formatter, buffer in
      try formatter.write(table, to: &buffer)
    }
    return .success
  }
}
