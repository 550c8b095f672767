/// A query as written: its source, if it names one, and its commands.
public struct QuerySyntax: Sendable {
  public var source: SourceCommand?
  public var commands: [any Command]

  public init(source: SourceCommand?, commands: [any Command]) {
    self.source = source
    self.commands = commands
  }

  /// Whether the query says itself how many rows it wants.
  public var hasLimit: Bool { commands.contains { $0 is LimitCommand } }
}

extension QuerySyntax: CustomStringConvertible {
  /// The query in canonical form: one command a line, keywords in lower case.
  public var description: String {
    var lines = commands.map(\.description)
    if let source { lines.insert(source.description, at: 0) }
    return lines.joined(separator: "\n| ")
  }
}
