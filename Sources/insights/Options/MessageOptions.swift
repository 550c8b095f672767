public import ArgumentParser
public import InsightsOutput

extension ColorChoice: ExpressibleByArgument {}

/// How errors are told.
enum ErrorFormat: String, CaseIterable, ExpressibleByArgument {
  case text, json
}

/// Options of every command: what is said on standard error, and how.
struct MessageOptions: ParsableArguments {
  @Option(help: "Colour the output: auto, always or never.")
  var color: ColorChoice = .auto

  @Flag(name: .shortAndLong, help: "Say nothing but errors on standard error.")
  var quiet = false

  @Option(help: "Tell errors and warnings as text, or as one JSON object a line.")
  var errorFormat: ErrorFormat = .text

  var reporter: Reporter {
    Reporter(
      isQuiet: quiet, isJSON: errorFormat == .json,
      usesColor: Terminal(fileDescriptor: 2, color: color).usesColor)
  }
}
