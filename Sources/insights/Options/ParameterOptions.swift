internal import ArgumentParser
internal import InsightsEngine
internal import InsightsQuery

/// What the places of saved queries are filled with.
struct ParameterOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Fills {{name}} in the query; repeatable.", valueName: "name=value"))
  var param: [Parameter] = []

  /// The text of a query with its parameters filled in.
  func source(of query: SavedQuery) throws -> SourceText {
    try checkParameters(of: [query])
    return try query.source(filling: parameters)
  }

  /// The texts of queries with their parameters filled in; each takes those that it knows.
  func sources(of queries: [SavedQuery]) throws -> [SourceText] {
    try checkParameters(of: queries)
    return try queries.map { try $0.source(filling: parameters) }
  }

  private var parameters: [String: String] {
    Dictionary(param.map { ($0.name, $0.value) }, uniquingKeysWith: { _, last in last })
  }

  /// A value that no query has a place for is a mistake, most likely a misspelt name.
  private func checkParameters(of queries: [SavedQuery]) throws {
    var known: [String] = []
    for name in queries.flatMap(\.parameterNames) where !known.contains(name) {
      known.append(name)
    }
    guard let unknown = param.first(where: { !known.contains($0.name) }) else { return }
    throw Failure(
      .usage, "unknown parameter '\(unknown.name)'",
      help: [
        known.isEmpty
          ? "the query has no {{name}} to fill" : "parameters: \(known.joined(separator: ", "))"
      ])
  }
}

/// `name=value`.
struct Parameter: ExpressibleByArgument {
  var name: String
  var value: String

  init?(argument: String) {
    guard let separator = argument.firstIndex(of: "="), separator > argument.startIndex else {
      return nil
    }
    name = String(argument[..<separator])
    value = String(argument[argument.index(after: separator)...])
  }
}
