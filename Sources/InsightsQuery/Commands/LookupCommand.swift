internal import InsightsModel

/// `lookup` adds columns of a table to the rows for which the table has the same value as a field.
///
/// Of several matching rows of the table, the first counts.
public struct LookupCommand: Command {
  public static let descriptor = CommandDescriptor(
    keyword: "lookup",
    synopsis: "lookup <table> <column> [as <field>], … OUTPUT|OUTPUTNEW <column> [as <field>], …",
    summary: "Adds columns of a CSV table, from its row with the same value as a field.",
    examples: ["lookup users id as userId OUTPUT name, team | stats count(*) by team"])

  public static let traits = CommandTraits(.replacesFields)

  public let span: SourceSpan
  private let keys: [Key]
  private let lookup: LookupSyntax

  /// A column of the table, and the field that it must equal.
  private struct Key {
    var column: Spanned<String>
    var field: Spanned<String>
  }

  public init?(parsing parser: inout Parser, keyword: Token) {
    guard let table = LookupSyntax.parseTable(&parser) else { return nil }
    let keys = parser.parseList { parser -> Key? in
      guard let column = parser.parseField("a column of the table") else { return nil }
      guard parser.takeKeyword("as") else { return Key(column: column, field: column) }
      return parser.parseField("a field").map { Key(column: column, field: $0) }
    }
    guard let keys, let lookup = LookupSyntax(table: table, parsingOutputs: &parser) else {
      return nil
    }
    self.keys = keys
    self.lookup = lookup
    span = keyword.span.lowerBound..<parser.previousEnd
  }

  public func bind(in binder: inout Binder) {
    guard let relation = lookup.relation(keyed: keys.map(\.column), in: &binder) else {
      for output in lookup.outputs { binder.assume(output.field.value) }
      return
    }
    var joinKeys: [Join.Key] = []
    for key in keys {
      guard let value = binder.resolve(key.field) else { return }
      joinKeys.append(
        Join.Key(
          left: value.asSingleValue.calling(.text),
          right: .column(PlanColumn(key.column.value, .text))))
    }
    let first = Plan.deduplicate(
      .sort(
        .scan(Scan(relation: relation, timeRange: .everything, logGroups: [])),
        [SortKey(column: Relation.rowColumn, isDescending: false)]),
      keys.map { PlanColumn($0.column.value, .text) })
    lookup.bind(first, on: joinKeys, in: &binder)
  }

  public var definedNames: [String] { lookup.outputs.map(\.field.value) }

  public var description: String {
    "lookup \(printedName(lookup.table.value)) "
      + keys.map { key in
        printedName(key.column.value)
          + (key.column.value == key.field.value ? "" : " as \(printedName(key.field.value))")
      }.joined(separator: ", ") + " \(lookup.description)"
  }
}
