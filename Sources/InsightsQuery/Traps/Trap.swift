internal import InsightsModel

/// A lint rule: CloudWatch behaviour that differs from what a query seems to say.
///
/// `insights check` reports all of them; running a query reports only those that may explain an
/// empty result.
public struct Trap: Sendable {
  /// A place where a query may not do what it seems to do.
  struct Finding {
    var message: String
    var span: SourceSpan
    var help: String
  }

  /// The id, as in `Diagnostic.id`.
  public let id: String
  /// A description of CloudWatch's behaviour, for the note below each finding.
  public let habit: String
  /// Whether it may explain an empty result, so that running a query reports it too.
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

  /// The registry of all traps.
  public static let all: [Trap] = values + patterns + results + fields

  /// Returns the traps that match a query, as warnings.
  ///
  /// With a catalog more are detected. `explainingNoRows`: only those that may explain an empty
  /// result.
  public static func warnings(
    in syntax: QuerySyntax, of source: SourceText, catalog: (any Catalog)? = nil,
    explainingNoRows: Bool = false
  ) -> [Diagnostic] {
    warnings(
      of: explainingNoRows ? all.filter(\.explainsNoRows) : all,
      in: TrapSearch(syntax: syntax, isSubquery: false, source: source, catalog: catalog))
  }

  private static func warnings(of traps: [Trap], in search: TrapSearch) -> [Diagnostic] {
    // Derived tables exist only here, not in CloudWatch.
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
  /// Whether the query, or one nested in it, calls a function that CloudWatch does not have.
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

/// A query, with the searches that traps need.
struct TrapSearch {
  let syntax: QuerySyntax
  let isSubquery: Bool
  let source: SourceText
  let catalog: (any Catalog)?

  var commands: [any Command] { syntax.commands }

  /// Every expression, with its subexpressions.
  var expressions: [Expression] { commands.flatMap { $0.expressions.flatMap(\.all) } }

  /// Every operator with its two operands.
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

  /// Whether events may lack the field: discovered fields, and those of `parse`.
  func mayBeMissing(_ name: String) -> Bool {
    let isAlwaysPresent = SystemField(rawValue: name)?.isAlwaysPresent ?? false
    return !isAlwaysPresent && !["true", "false"].contains(name.lowercased())
      && !stats.contains { $0.outputNames.contains(name) }
  }
}
