internal import ArgumentParser
internal import InsightsIngest
internal import InsightsModel
internal import InsightsOutput
internal import InsightsQuery
internal import InsightsText

/// `insights functions`: lists the functions of the language.
struct Functions: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the functions of the language, with queries to try.",
    usage: "insights functions [<name> ...] [<options>]",
    discussion: """
      With names, only those functions, with all their examples. The queries run on
      any store; a missing result is empty.
      """)

  @Argument(help: "Names of functions, such as pct.", completion: .functionNames)
  var names: [String] = []

  @OptionGroup var output: OutputOptions
  @OptionGroup var messages: MessageOptions

  func run() throws {
    try writeReference(["function", "kind", "summary", "example", "result"], to: output, messages) {
      let functions = try chosen(names, of: "function", among: FunctionRegistry.all) {
        [$0.name] + $0.aliases
      }
      return functions.flatMap { function in
        let kind = function.isAggregate ? "aggregate" : "scalar"
        return function.exampleQueries.prefix(names.isEmpty ? 1 : .max).map {
          [function.signature, kind, function.summary, $0.query, $0.result]
        }
      }
    }
  }
}

/// `insights commands`: lists the commands of the language.
struct Commands: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the commands of the language, with queries to try.",
    usage: "insights commands [<name> ...] [<options>]",
    discussion: "With names, only those commands, with all their examples.")

  @Argument(help: "Names of commands, such as stats.", completion: .commandKeywords)
  var names: [String] = []

  @OptionGroup var output: OutputOptions
  @OptionGroup var messages: MessageOptions

  func run() throws {
    try writeReference(["command", "synopsis", "summary", "example"], to: output, messages) {
      let commands = try chosen(
        names, of: "command", among: CommandRegistry.all.map { $0.descriptor }
      ) { [$0.keyword] + $0.aliases }
      return commands.flatMap { command in
        command.examples.prefix(names.isEmpty ? 1 : .max).map {
          [command.keyword, command.synopsis, command.summary, $0]
        }
      }
    }
  }
}

/// `insights formats`: lists the log formats that `ingest` reads.
struct Formats: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the log formats that 'ingest' recognises, with a sample of each.",
    usage: "insights formats [<options>]")

  @OptionGroup var output: OutputOptions
  @OptionGroup var messages: MessageOptions

  func run() throws {
    try writeReference(["format", "summary", "sample"], to: output, messages) {
      LogFormatRegistry.descriptors.map { [$0.name, $0.summary, $0.sample] }
    }
  }
}

/// Returns the entries with the given names, ignoring case; all without names.
private func chosen<Entry>(
  _ names: [String], of kind: String, among entries: [Entry], called: (Entry) -> [String]
) throws -> [Entry] {
  guard !names.isEmpty else { return entries }
  return try names.map { name in
    let entry = entries.first { called($0).contains { $0.lowercased() == name.lowercased() } }
    guard let entry else {
      let similar = EditDistance.suggestions(for: name, among: entries.flatMap(called))
      throw Failure(
        .usage, "there is no \(kind) '\(name)'",
        help: similar.isEmpty
          ? ["list them: insights \(kind)s"]
          : ["did you mean \(similar.map { "'\($0)'" }.joined(separator: ", "))?"])
    }
    return entry
  }
}

private func writeReference(
  _ names: [String], to output: OutputOptions, _ messages: MessageOptions,
  rows: () throws -> [[String]]
) throws {
  try reporting(to: messages.reporter) {
    let table = ResultTable(
      columns: names.map { ResultColumn(name: $0, type: .text) },
      rows: try rows().map { $0.map { .text($0) } })
    try output.write(color: messages.color) { formatter, buffer in
      try formatter.write(table, to: &buffer)
    }
    return .success
  }
}
