internal import InsightsModel

/// A field of events that a query uses.
public struct FieldUse: Hashable, Sendable {
  /// The name as written, without backticks.
  public var name: String
  /// Whether a condition compares it with values in a form that an index supports: `a = 1`, `a in
  /// [1, 2]`.
  public var isFound: Bool
}

extension QuerySyntax {
  /// The discovered fields that the query uses, each once, in order; not those that it defines
  /// itself, nor system fields, which begin with `@`.
  public var fieldUses: [FieldUse] {
    var uses: [FieldUse] = []
    var defined: Set<String> = []
    for command in commands {
      for expression in command.expressions {
        for name in expression.names where !defined.contains(name.value) {
          guard !name.value.hasPrefix("@") else { continue }
          if !uses.contains(where: { $0.name == name.value }) {
            uses.append(FieldUse(name: name.value, isFound: false))
          }
        }
      }
      let found = (command.condition?.foundNames ?? []) + [command.indexedField].compactMap { $0 }
      for index in uses.indices where found.contains(uses[index].name) {
        uses[index].isFound = true
      }
      defined.formUnion(command.definedNames)
    }
    return uses
  }
}

extension Expression {
  /// The fields that must equal a value, or one of several, for the condition to be true.
  fileprivate var foundNames: [String] {
    conjuncts.flatMap { condition -> [String] in
      guard case .binary(let op, let left, let right) = condition else { return [] }
      switch (op.value, left, right) {
      case (.equal, .name(let name, _, _), .literal), (.equal, .literal, .name(let name, _, _)),
        (.isIn, .name(let name, _, _), .list):
        return [name]
      case (.or, _, _):
        // An index serves both sides of `or` only if they test the same field.
        return left.foundNames.filter(right.foundNames.contains)
      default: return []
      }
    }
  }
}
