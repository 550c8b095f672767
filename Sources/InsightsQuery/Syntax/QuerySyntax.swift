/// A parsed query: its source, if it has one, and its commands.
public struct QuerySyntax: Sendable {
  /// The `SOURCE` before the pipeline; `nil` if there is none.
  public var source: SourceCommand?
  /// The pipeline, in the order written.
  public var commands: [any Command]

  /// Makes a query.
  public init(source: SourceCommand?, commands: [any Command]) {
    self.source = source
    self.commands = commands
  }

  /// Whether the query itself limits its rows.
  public var hasLimit: Bool { commands.contains { $0.has(.limits) } }
}

extension QuerySyntax: CustomStringConvertible {
  /// The query in canonical form: one command per line, keywords in lower case.
  public var description: String {
    printedCommands.joined(separator: "\n| ")
  }

  /// The query in canonical form, as a subquery.
  var printedAsSubquery: String { "(" + printedCommands.joined(separator: " | ") + ")" }

  private var printedCommands: [String] {
    (source.map { [$0.description] } ?? []) + commands.map(\.description)
  }
}
