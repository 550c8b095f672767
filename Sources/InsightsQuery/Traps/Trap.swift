/// A habit of CloudWatch that people stumble over, and how to see it in a query.
///
/// `insights check` tells of them; a query that runs only of those that explain why it has no rows.
public struct Trap: Sendable {
  /// A place where a query may not do what it seems to.
  struct Finding {
    var message: String
    var span: SourceSpan
    var help: String
  }

  /// As in `Diagnostic.id`.
  public let id: String
  /// What CloudWatch does, for the note below each finding.
  public let habit: String
  /// Whether it may be why a query has no rows: queries then tell of it, too.
  let explainsNoRows: Bool
  let find: @Sendable (TrapSearch) -> [Finding]

  init(
    _ id: String, _ habit: String, explainsNoRows: Bool = false,
    find: @escaping @Sendable (TrapSearch) -> [Finding]
  ) {
    self.id = id
    self.habit = habit
    self.explainsNoRows = explainsNoRows
    self.find = find
  }

  /// The one list of traps.
  public static let all: [Trap] = values + patterns + results + fields

  /// The traps that a query walks into, as warnings.
  ///
  /// With a catalog of what is known of the events, more are seen. `explainingNoRows`: only those
  /// that may be why there are no rows.
  public static func warnings(
    in syntax: QuerySyntax, of source: SourceText, catalog: (any Catalog)? = nil,
    explainingNoRows: Bool = false
  ) -> [Diagnostic] {
    warnings(
      of: explainingNoRows ? all.filter(\.explainsNoRows) : all,
      in: TrapSearch(syntax: syntax, isSubquery: false, source: source, catalog: catalog))
  }

  private static func warnings(of traps: [Trap], in search: TrapSearch) -> [Diagnostic] {
    // Tables of facts are read only here: CloudWatch has no such thing.
    guard search.syntax.source?.choosesLogGroups != false else { return [] }
    let own = traps.flatMap { trap in
      trap.find(search).map {
        Diagnostic(
          .warning, trap.id, $0.message, at: $0.span, notes: [trap.habit], help: [$0.help])
      }
    }
    return own
      + search.subqueries.flatMap {
        warnings(
          of: traps,
          in: TrapSearch(
            syntax: $0, isSubquery: true, source: search.source, catalog: search.catalog))
      }
  }
}

extension QuerySyntax {
  /// Whether the query, or one inside it, calls a function that CloudWatch does not have.
  public var hasLocalFunctions: Bool {
    let search = TrapSearch(
      syntax: self, isSubquery: false, source: SourceText(""), catalog: nil)
    let isCalled = search.expressions.contains { expression in
      guard case .call(let name, _, _) = expression else { return false }
      return name.value.lowercased() == FilterPattern.functionName.lowercased()
    }
    return isCalled || search.subqueries.contains { $0.hasLocalFunctions }
  }
}

/// A query, and what traps ask of it.
struct TrapSearch {
  let syntax: QuerySyntax
  let isSubquery: Bool
  let source: SourceText
  let catalog: (any Catalog)?

  var commands: [any Command] { syntax.commands }

  /// Every expression, with those inside it.
  var expressions: [Expression] { commands.flatMap { $0.expressions.flatMap(\.all) } }

  /// Every operator with its two sides.
  var operations: [(op: BinaryOperator, left: Expression, right: Expression, whole: Expression)] {
    expressions.compactMap { expression in
      guard case .binary(let op, let left, let right) = expression else { return nil }
      return (op.value, left, right, expression)
    }
  }

  var regexes: [Spanned<String>] {
    commands.flatMap { command in
      command.regexes
        + command.expressions.flatMap(\.all).compactMap { expression in
          if case .regex(let regex, let span) = expression { Spanned(regex, span) } else { nil }
        }
    }
  }

  var subqueries: [QuerySyntax] {
    commands.flatMap { command in
      command.subqueries
        + command.expressions.flatMap(\.all).compactMap { expression in
          if case .subquery(let query, _) = expression { query } else { nil }
        }
    }
  }

  var stats: [Aggregation] { commands.compactMap(\.aggregation) }

  /// Whether events may lack the field: discovered ones may, and what `parse` cuts out.
  func mayBeMissing(_ name: String) -> Bool {
    let isSystem = ["@timestamp", "@message", "@logStream", "@log", "@ingestionTime", "@ptr"]
      .contains(name)
    return !isSystem && !["true", "false"].contains(name.lowercased())
      && !stats.contains { $0.outputNames.contains(name) }
  }
}
