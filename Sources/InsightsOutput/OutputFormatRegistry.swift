public import InsightsText

/// The output formats, in the order that help lists them.
public enum OutputFormatRegistry {
  /// The one list of formats; the first is the default.
  public static let all: [any ResultFormatter.Type] = [
    TableFormat.self,
    JSONFormat.self,
    JSONLinesFormat.self,
    CSVFormat.self,
    TSVFormat.self,
    MarkdownFormat.self,
    AWSFormat.self,
    ChartFormat.self,
    HTMLFormat.self,
  ]

  /// A formatter of the format called `name`, or `nil` when there is none.
  public static func formatter(
    named name: String, for terminal: Terminal, timeZone: TimeZone = .utc
  ) -> (any ResultFormatter)? {
    all.first { $0.descriptor.name == name }?.init(terminal: terminal, timeZone: timeZone)
  }
}
