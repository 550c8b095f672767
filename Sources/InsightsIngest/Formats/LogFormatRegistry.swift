internal import InsightsText

/// The log formats, in the order in which they are tried on a file: most specific first.
public enum LogFormatRegistry {
  static let formats: [any LogFormat.Type] = [
    FilterLogEventsFormat.self,
    SubscriptionFormat.self,
    LiveTailFormat.self,
    GetQueryResultsFormat.self,
    LokiFormat.self,
    OpenSearchFormat.self,
    OpenTelemetryFormat.self,
    SplunkFormat.self,
    BeatsFormat.self,
    VectorFormat.self,
    InsightsJSONFormat.self,
    TelemetryFormat.self,
    InvokeTailFormat.self,
    FluentBitFormat.self,
    LogEventsFormat.self,
    QueryJSONFormat.self,
    InsightsMarkdownFormat.self,
    ConsoleTableFormat.self,
    InsightsCSVFormat.self,
    DatadogCSVFormat.self,
    ConsoleCSVFormat.self,
    OutputTextFormat.self,
    GetQueryResultsTextFormat.self,
    QueryTextFormat.self,
    TimeBehindFormat.self,
    ConsoleRowsFormat.self,
    S3ExportFormat.self,
    CwFormat.self,
    TailFormat.self,
    SamLogsFormat.self,
    AwslogsFormat.self,
    SawFormat.self,
    LokiTextFormat.self,
    LocalStackFormat.self,
    DockerLogsFormat.self,
    SamLocalFormat.self,
    SSTFormat.self,
    ServerlessFormat.self,
    PlainTextFormat.self,
  ]

  /// The description of each format.
  public static var descriptors: [LogFormatDescriptor] { formats.map { $0.descriptor } }

  /// Returns the first format that recognises the beginning of a file; plain text accepts anything.
  static func format(recognizing head: UnsafeBufferPointer<UInt8>) -> any LogFormat.Type {
    let head = withoutChatter(head)
    return formats.first { $0.recognizes(head) } ?? PlainTextFormat.self
  }

  /// Returns the text after the tool's own output, such as a prompt.
  private static func withoutChatter(
    _ head: UnsafeBufferPointer<UInt8>
  ) -> UnsafeBufferPointer<UInt8> {
    var start = 0
    while let end = head.firstOffset(of: 0x0A, from: start),
      ToolChatter.recognizes(UnsafeBufferPointer(rebasing: head[start..<end]))
    {
      start = end + 1
    }
    return UnsafeBufferPointer(rebasing: head[start...])
  }

  static func format(named name: String) -> (any LogFormat.Type)? {
    formats.first { $0.descriptor.name == name }
  }
}
