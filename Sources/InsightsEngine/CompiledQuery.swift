public import InsightsQuery
internal import InsightsText

/// A compiled query, with the results of each stage of compilation.
public struct CompiledQuery: Sendable {
  /// The text of the query.
  public let source: SourceText
  /// The syntax tree.
  public let syntax: QuerySyntax
  /// The bound plan.
  public let plan: Plan
  /// Diagnostics about what is legal but probably a mistake.
  public let warnings: [Diagnostic]

  /// Compiles a query; needs no store.
  ///
  /// With a catalog of the events' fields and log groups, diagnostics are more precise.
  ///
  /// - Throws: `QueryError` with all errors of the query.
  public init(
    _ source: SourceText, options: Binder.Options, catalog: (any Catalog)? = nil
  ) throws(QueryError) {
    let (syntax, syntaxDiagnostics) = Parser.parse(source)
    let isComplete = !syntaxDiagnostics.contains { $0.severity == .error }
    var options = options
    options.isTimeZone = { TimeZone.named($0) != nil }
    let (plan, bindingDiagnostics) = Binder.bind(
      syntax, of: source, options: options, catalog: catalog)
    // A command with a syntax error may have defined the fields that others miss.
    let diagnostics =
      syntaxDiagnostics
      + (isComplete ? bindingDiagnostics : bindingDiagnostics.filter { !$0.isAboutNames })
    guard !diagnostics.contains(where: { $0.severity == .error }) else {
      throw QueryError(source: source, diagnostics: diagnostics)
    }
    self.source = source
    self.syntax = syntax
    self.plan = plan
    warnings = diagnostics
  }
}

/// A stage of compilation or execution, as `explain` shows it.
public enum QueryStage: String, CaseIterable, Sendable {
  case tokens, syntax, plan, sql, sqlite, scan
}
