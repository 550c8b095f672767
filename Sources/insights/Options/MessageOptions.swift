internal import InsightsModel
public import ArgumentParser
internal import InsightsEngine
public import InsightsOutput
internal import InsightsStore
internal import InsightsThreads

extension ColorChoice: ExpressibleByArgument {}

/// The format of error messages.
enum ErrorFormat: String, CaseIterable, ExpressibleByArgument {
  case text, json
}

/// Options of every command for messages on standard error.
struct MessageOptions: ParsableArguments {
  @Option(help: "When to colour what is written.")
  var color: ColorChoice = .auto

  @Flag(name: .shortAndLong, help: "Say nothing but errors on standard error.")
  var quiet = false

  @Flag(
    name: .shortAndLong,
    help:
      "Tell on standard error what becomes of each file and query: formats, groups, plans, segments."
  )
  var verbose = false

  @Option(help: "Errors and warnings as text, or as JSON, an object a line.")
  var errorFormat: ErrorFormat = .text

  @Option(
    help: ArgumentHelp(
      "Stop when the work, with waiting for others, takes longer: 500ms, 30s, 5m, 1h.",
      valueName: "length"))
  var timeout: TimeLimit?

  /// Returns the configuration for waits for other processes that use the store.
  func waiting(for store: String = "the store") -> Waiting {
    let reporter = reporter
    return Waiting(
      cancellation: cancellation,
      report: {
        reporter.note("waiting for another process that uses '\(store)'")
      })
  }

  /// The cancellation of the command's work, with its deadline.
  var cancellation: Cancellation {
    Cancellation(deadline: timeout?.deadline, isRequested: { Interruption.hasCome })
  }

  func validate() throws {
    if quiet, verbose { throw ValidationError("--quiet and --verbose exclude each other") }
  }

  var reporter: Reporter {
    Reporter(
      isQuiet: quiet, isJSON: errorFormat == .json,
      usesColor: Terminal(fileDescriptor: 2, color: color).usesColor, isVerbose: verbose)
  }
}
