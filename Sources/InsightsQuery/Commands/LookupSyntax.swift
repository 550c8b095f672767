internal import InsightsModel

/// The common part of `lookup` and `cidrlookup`: a table, and the columns taken from it.
struct LookupSyntax: Sendable {
  /// A column of the table, and the field that it becomes.
  struct Output: Sendable {
    var column: Spanned<String>
    var field: Spanned<String>
  }

  let table: Spanned<String>
  /// Whether fields that have a value keep it.
  let keepsValues: Bool
  let outputs: [Output]

  /// Parses `OUTPUT column [as field], …`.
  init?(table: Spanned<String>, parsingOutputs parser: inout Parser) {
    self.table = table
    keepsValues = parser.current.isKeyword("outputnew")
    guard parser.takeKeyword("output") || parser.takeKeyword("outputnew") else {
      parser.reportUnexpected(expected: "'OUTPUT' and columns of the table")
      return nil
    }
    let outputs = parser.parseList { parser -> Output? in
      guard let column = parser.parseName("a column of the table") else { return nil }
      guard parser.takeKeyword("as") else { return Output(column: column, field: column) }
      return parser.parseName("a name for the field").map { Output(column: column, field: $0) }
    }
    guard let outputs else { return nil }
    self.outputs = outputs
  }

  /// Parses the name of a table: bare, in backticks or in quotes.
  static func parseTable(_ parser: inout Parser) -> Spanned<String>? {
    let token = parser.current
    if case .string(let name) = token.kind, !name.isEmpty {
      parser.advance()
      return Spanned(name, token.span)
    }
    return parser.parseName("a lookup table")
  }

  /// Checks the columns of the table; `keyed` are the key columns.
  func relation(keyed: [Spanned<String>], in binder: inout Binder) -> Relation? {
    let used = keyed + outputs.map(\.column)
    guard let columns = binder.options.lookupTables?[table.value] else {
      if let tables = binder.options.lookupTables {
        reportUnknownTable(among: tables.keys.sorted(), in: &binder)
        guard binder.options.allowsUnknownLookupTables else { return nil }
      }
      var columns: [String] = []
      for name in used.map(\.value) where !columns.contains(name) { columns.append(name) }
      return .lookupTable(named: table.value, columns: columns)
    }
    for name in used where !columns.contains(name.value) {
      let similar = similarNames(to: name.value, among: columns)
      binder.report(
        "unknown-lookup-column", "table '\(table.value)' has no column '\(name.value)'",
        at: name.span,
        help: [
          similar.isEmpty
            ? "columns: \(columns.joined(separator: ", "))"
            : "a column with a similar name exists: \(similar)"
        ], fix: similar.first.map(printedName))
      return nil
    }
    return .lookupTable(named: table.value, columns: columns)
  }

  private func reportUnknownTable(among tables: [String], in binder: inout Binder) {
    let similar = similarNames(to: table.value, among: tables)
    let help =
      (similar.isEmpty ? [] : ["a table with a similar name exists: \(similar)"])
      + ["give it: --lookup \(table.value)=<file>.csv, or put it into Lookups/\(table.value).csv"]
    let message = "there is no lookup table '\(table.value)'"
    if binder.options.allowsUnknownLookupTables {
      binder.warn(
        "unknown-lookup-table", message, at: table.span, help: help, fix: similar.first)
    } else {
      binder.report(
        "unknown-lookup-table", message, at: table.span, help: help, fix: similar.first)
    }
  }

  /// Adds the outputs of the table's row with the values of the keys.
  func bind(_ right: Plan, on keys: [Join.Key], in binder: inout Binder) {
    var current: [PlanColumn] = []
    if keepsValues {
      for output in outputs {
        guard let column = binder.lookUpSingleValue(output.field, for: "lookup") else { return }
        current.append(column)
      }
    }
    var added: [Join.AddedColumn] = []
    for output in outputs {
      let source = PlanColumn(output.column.value, .text)
      let field = PlanColumn(output.field.value, keepsValues ? .any : .text)
      added.append(
        Join.AddedColumn(
          keepsValues ? binder.intermediate("lookup", of: field, .text) : field, from: source))
    }
    binder.join(right, on: keys, adding: added)
    for (index, output) in outputs.enumerated() {
      let field = PlanColumn(output.field.value, keepsValues ? .any : .text)
      if keepsValues {
        let value = BoundExpression.column(current[index])
        let isFilled = value.calling(.isPresent).calling(
          .and, value.calling(.equal, .literal(.text(""))).negatedCondition)
        binder.extend([
          NamedExpression(
            column: field,
            expression: .choice(among: [isFilled, value, .column(added[index].column)]))
        ])
      }
      binder.replace(field)
    }
  }

  var description: String {
    (keepsValues ? "OUTPUTNEW " : "OUTPUT ")
      + outputs.map { output in
        printedName(output.column.value)
          + (output.column.value == output.field.value
            ? "" : " as \(printedName(output.field.value))")
      }.joined(separator: ", ")
  }
}

extension SourceText {
  /// The names of the lookup tables that the query uses.
  public var lookupTableNames: [String] {
    let tokens = Lexer.tokens(of: self).tokens
    var names: [String] = []
    for (index, token) in tokens.enumerated().dropLast()
    where (token.isKeyword("lookup") || token.isKeyword("cidrlookup"))
      && (index == 0 || tokens[index - 1].isSymbol("|") || tokens[index - 1].isSymbol("("))
    {
      switch tokens[index + 1].kind {
      case .word(let name), .quotedName(let name), .string(let name):
        if !names.contains(name) { names.append(name) }
      default: break
      }
    }
    return names
  }
}
