/// A query as written: its source, if it names one, and its commands.
public struct QuerySyntax: Sendable {
  /// The `SOURCE` before the pipeline; `nil` where there is none.
  public var source: SourceCommand?
  /// The pipeline, in the order written.
  public var commands: [any Command]

  public init(source: SourceCommand?, commands: [any Command]) {
    self.source = source
    self.commands = commands
  }

  /// Whether the query says itself how many rows it wants.
  public var hasLimit: Bool { commands.contains { $0.has(.limits) } }
}

extension QuerySyntax: CustomStringConvertible {
  /// The query in canonical form: one command a line, keywords in lower case.
  public var description: String {
    printedCommands.joined(separator: "\n| ")
  }

  /// The query in canonical form as it stands inside another one.
  var printedAsSubquery: String { "(" + printedCommands.joined(separator: " | ") + ")" }

  private var printedCommands: [String] {
    (source.map { [$0.description] } ?? []) + commands.map(\.description)
  }
}
