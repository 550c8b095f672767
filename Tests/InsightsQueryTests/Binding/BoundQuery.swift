import InsightsModel
import InsightsQuery
import InsightsSQL

/// A query as far as SQL, without a store.
struct BoundQuery {
  let plan: Plan
  let diagnostics: [Diagnostic]

  init(
    _ text: String, options: Binder.Options = Binder.Options(), fields: Set<String>? = nil
  ) {
    let source = SourceText(text)
    let (syntax, syntaxDiagnostics) = Parser.parse(source)
    let bound = Binder.bind(
      syntax, of: source, options: options,
      catalog: fields.map { KnownFields(discoveredFields: $0) })
    plan = bound.plan
    diagnostics = syntaxDiagnostics + bound.diagnostics
  }

  var ids: [String] { diagnostics.map(\.id) }

  /// The plan, a node a line, without the scan, the project and the default limit and order.
  var nodes: [String] {
    plan.description.split(separator: "\n").dropFirst().dropLast().map(String.init)
      .filter { $0 != "limit 10000" && $0 != "sort @timestamp desc" }
  }

  var columns: [String] {
    if case .project(_, let columns) = plan { columns.map(\.name) } else { [] }
  }

  var statement: SQLStatement { SQLGenerator.generate(plan) }
}

private struct KnownFields: Catalog {
  let discoveredFields: Set<String>
}
