internal import ArgumentParser
internal import InsightsOutput

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
      Ingest.self, Query.self, Run.self, Queries.self, Explain.self, Check.self, Fields.self,
      Functions.self, Commands.self, Formats.self, Info.self,
    ])

  /// The version of the program.
  static let version = "0.1.0"

  static func main() {
    OutputBuffer.reportClosedPipes()
    Self.main(nil)
  }
}
