internal import ArgumentParser
internal import InsightsOutput
internal import InsightsText

/// The root command.
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
      Record.self, Serve.self, Mcp.self, Functions.self, Commands.self, Formats.self, Info.self,
      SchemaCommand.self, Manual.self,
    ])

  /// The version of the program.
  static let version = "0.1.0"

  static func main() {
    OutputBuffer.reportClosedPipes()
    TimeLimit.begin()
    do {
      // For an unknown command the parser would show the general help.
      if let name = unknownHelpTopic { throw ValidationError("unknown command '\(name)'") }
      var command = try parseAsRoot(arguments)
      try command.run()
    } catch let code as ExitCode {
      exit(withError: code)
    } catch {
      switch exitCode(for: error) {
      case .validationFailure:
        reportUsage(error)
        exit(withError: ExitCode(ExitStatus.usage.rawValue))
      case .success:
        // Help, the version and completion scripts, which were requested.
        exit(withError: ExitCode(printed(fullMessage(for: error)).rawValue))
      default: exit(withError: error)
      }
    }
  }

  /// The arguments as the system passes them: file names need not be UTF-8.
  private static let arguments: [String] = (1..<max(1, CommandLine.argc)).compactMap { index in
    CommandLine.unsafeArgv[Int(index)].map { SystemPath.text(ofCString: $0) }
  }

  /// Writes a text to standard output.
  private static func printed(_ text: String) -> ExitStatus {
    var buffer = OutputBuffer(fileDescriptor: 1)
    buffer.append(text.hasSuffix("\n") ? text : text + "\n")
    do throws(OutputError) {
      try buffer.flush()
    } catch {
      if error == .closedPipe { return .success }
      Reporter(isQuiet: false, isJSON: asksForJSON, usesColor: false).error("\(error)")
      return .outputFailed
    }
    return .success
  }

  /// Whether errors are to be reported as JSON.
  private static var asksForJSON: Bool {
    arguments.contains("--error-format=json")
      || zip(arguments, arguments.dropFirst()).contains { $0 == "--error-format" && $1 == "json" }
  }

  private static let subcommandNames = configuration.subcommands.map { $0._commandName } + ["help"]

  /// The argument of `help` if there is no such command.
  private static var unknownHelpTopic: String? {
    guard arguments.first == "help", let name = arguments.dropFirst().first,
      !name.hasPrefix("-"), !subcommandNames.contains(name)
    else { return nil }
    return name
  }

  /// Reports invalid arguments in the form of all other errors.
  private static func reportUsage(_ error: any Error) {
    var message = message(for: error)
    if message.hasSuffix(".") { message.removeLast() }
    let lines = fullMessage(for: error).split(separator: "\n").map { $0.drop { $0 == " " } }
    let usage = lines.first { $0.hasPrefix("Usage: ") }?.dropFirst("Usage: ".count)
    let seeAlso = lines.last { $0.hasPrefix("See '") }?.split(separator: "'").dropFirst().first
    let reporter = Reporter(
      isQuiet: false, isJSON: asksForJSON, usesColor: Terminal(fileDescriptor: 2).usesColor)
    if let name = unknownHelpTopic ?? arguments.first, !name.hasPrefix("-"),
      !subcommandNames.contains(name)
    {
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
  /// Whether a text abbreviates the name by omitting letters, but not the first: `qry` for `query`.
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
