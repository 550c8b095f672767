import InsightsQuery

/// The names in the registries, in lower case.
enum Registries {
  static let commandKeywords = CommandRegistry.keywords.map { $0.lowercased() }
  static let functionNames = FunctionRegistry.all.flatMap { [$0.name] + $0.aliases }
    .map { $0.lowercased() }
}
