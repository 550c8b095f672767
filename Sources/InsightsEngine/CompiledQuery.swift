public import InsightsQuery
internal import InsightsText

/// A query on its way to a database, with what the stages of the language made of it.
public struct CompiledQuery: Sendable {
  public let source: SourceText
  public let syntax: QuerySyntax
  public let plan: Plan
  /// What is legal but probably not meant.
  public let warnings: [Diagnostic]

  /// Compiles a query; needs no store.
  ///
  /// With a catalog of what is known of the events, messages become better.
  ///
  /// - Throws: `QueryError` with everything that is wrong with the query.
  public init(
    _ source: SourceText, options: Binder.Options, catalog: (any Catalog)? = nil
  ) throws(QueryError) {
    let (syntax, syntaxDiagnostics) = Parser.parse(source)
    let isComplete = !syntaxDiagnostics.contains { $0.severity == .error }
    var options = options
    options.isTimeZone = { TimeZone.named($0) != nil }
    let (plan, bindingDiagnostics) = Binder.bind(
      syntax, of: source, options: options, catalog: catalog)
    // A command that could not be read may have defined the fields that the others miss.
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

/// A stage of the way from text to rows, as `explain` shows it.
public enum QueryStage: String, CaseIterable, Sendable {
  case tokens, syntax, plan, sql, sqlite, scan
}
