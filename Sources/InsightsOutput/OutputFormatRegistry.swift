public import InsightsText

/// The output formats, in the order in which help lists them.
public enum OutputFormatRegistry {
  /// The registry of all formats; the first is the default.
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

  /// Whether a format also shows query details, such as the pointers of events.
  public static func showsQueryDetails(_ name: String) -> Bool {
    all.contains { $0.descriptor.name == name && $0.descriptor.showsQueryDetails }
  }

  /// Returns a formatter for the format called `name`, or `nil` if there is none.
  public static func formatter(
    named name: String, for terminal: Terminal, timeZone: TimeZone = .utc
  ) -> (any ResultFormatter)? {
    all.first { $0.descriptor.name == name }?.init(terminal: terminal, timeZone: timeZone)
  }
}
