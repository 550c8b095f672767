internal import ArgumentParser
internal import InsightsOutput
internal import InsightsText

/// The command `insights`.
@main
struct Insights: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "insights",
    abstract: "CloudWatch Logs Insights on this machine, for AWS Lambda logs.",
    discussion: """
      Ingest exported logs once, then query them in the Logs Insights language:

        insights ingest ./exported-logs
        insights query 'filter @message like /ERROR/ | limit 20'
        insights run lambda/errors
      """,
    version: "insights \(version)",
    subcommands: [
      Ingest.self, Query.self, Run.self, Tail.self, Triage.self, Metrics.self, Export.self,
      Queries.self, Explain.self, Check.self, Index.self, Fields.self, Groups.self, Streams.self,
      Record.self, Functions.self, Commands.self, Formats.self, Info.self, Manual.self,
    ])

  /// The version of the program.
  static let version = "0.1.0"

  static func main() {
    OutputBuffer.reportClosedPipes()
    do {
      // The parser shows its own help for a command that it does not know.
      if let name = unknownHelpTopic { throw ValidationError("unknown command '\(name)'") }
      var command = try parseAsRoot()
      try command.run()
    } catch {
      let isOfArguments = !(error is ExitCode) && exitCode(for: error) == .validationFailure
      guard isOfArguments else { exit(withError: error) }
      reportUsage(error)
      exit(withError: ExitCode(ExitStatus.usage.rawValue))
    }
  }

  private static let subcommandNames = configuration.subcommands.map { $0._commandName } + ["help"]

  /// What `help` is asked for, where there is no such command.
  private static var unknownHelpTopic: String? {
    let arguments = CommandLine.arguments.dropFirst()
    guard arguments.first == "help", let name = arguments.dropFirst().first,
      !name.hasPrefix("-"), !subcommandNames.contains(name)
    else { return nil }
    return name
  }

  /// Tells what is wrong with the arguments in the manner of all other errors.
  private static func reportUsage(_ error: any Error) {
    let arguments = CommandLine.arguments
    let asksForJSON =
      arguments.contains("--error-format=json")
      || zip(arguments, arguments.dropFirst()).contains { $0 == "--error-format" && $1 == "json" }
    var message = message(for: error)
    if message.hasSuffix(".") { message.removeLast() }
    let lines = fullMessage(for: error).split(separator: "\n").map { $0.drop { $0 == " " } }
    let usage = lines.first { $0.hasPrefix("Usage: ") }?.dropFirst("Usage: ".count)
    let seeAlso = lines.last { $0.hasPrefix("See '") }?.split(separator: "'").dropFirst().first
    let reporter = Reporter(
      isQuiet: false, isJSON: asksForJSON, usesColor: Terminal(fileDescriptor: 2).usesColor)
    let first = arguments.dropFirst().first
    if let name = unknownHelpTopic ?? first, !name.hasPrefix("-"), !subcommandNames.contains(name) {
      let near = EditDistance.suggestions(for: name, among: subcommandNames)
      let longer = subcommandNames.filter { $0.isAbbreviated(to: name) && !near.contains($0) }
      let similar = (near + longer).map { "'\($0)'" }.joined(separator: ", ")
      return reporter.error(
        "unknown command '\(name)'",
        help: [
          similar.isEmpty ? "insights --help" : "a command with a similar name exists: \(similar)"
        ])
    }
    reporter.error(
      message.prefix(1).lowercased() + message.dropFirst(),
      notes: usage.map { ["usage: \($0)"] } ?? [], help: seeAlso.map { [String($0)] } ?? [])
  }
}

extension String {
  /// Whether a text is the name with letters left out, though not the first: `qry` for `query`.
  fileprivate func isAbbreviated(to text: String) -> Bool {
    guard text.count >= 2, text.count < count, !hasPrefix(text), first == text.first else {
      return false
    }
    var rest = self[...]
    for letter in text {
      guard let place = rest.firstIndex(of: letter) else { return false }
      rest = rest[rest.index(after: place)...]
    }
    return true
  }
}
