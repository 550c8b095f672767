internal import InsightsModel

/// `cidrlookup` adds columns of a table to the rows, from the row whose range contains an address.
///
/// Of several ranges the narrowest counts; of equal ones, the first.
public struct CIDRLookupCommand: Command {
  public static let descriptor = CommandDescriptor(
    keyword: "cidrlookup",
    synopsis:
      "cidrlookup <table> <field> [as <column>] OUTPUT|OUTPUTNEW <column> [as <field>], …",
    summary: "Adds columns of a CSV table, from its narrowest range that holds an address.",
    examples: ["cidrlookup networks srcAddr as cidr OUTPUT owner | stats count(*) by owner"])

  public static let traits = CommandTraits(.replacesFields)

  public let span: SourceSpan
  private let field: Spanned<String>
  private let column: Spanned<String>?
  private let lookup: LookupSyntax

  public init?(parsing parser: inout Parser, keyword: Token) {
    guard let table = LookupSyntax.parseTable(&parser),
      let field = parser.parseField("a field that holds an address")
    else { return nil }
    self.field = field
    if parser.takeKeyword("as") {
      guard let name = parser.parseName("the column of the ranges") else { return nil }
      column = name
    } else {
      column = nil
    }
    guard let lookup = LookupSyntax(table: table, parsingOutputs: &parser) else { return nil }
    self.lookup = lookup
    span = keyword.span.lowerBound..<parser.previousEnd
  }

  public func bind(in binder: inout Binder) {
    let column = rangeColumn(in: binder)
    guard let relation = lookup.relation(keyed: [column], in: &binder) else {
      for output in lookup.outputs { binder.assume(output.field.value) }
      return
    }
    guard let address = binder.resolve(field) else { return }
    let row = address.calling(
      .cidrRow, .literal(.text(lookup.table.value)), .literal(.text(column.value)))
    lookup.bind(
      .scan(Scan(relation: relation, timeRange: .everything, logGroups: [])),
      on: [Join.Key(left: row, right: .column(Relation.rowColumn))], in: &binder)
  }

  /// Returns the named column, otherwise the one with the field's name, otherwise `cidr`.
  private func rangeColumn(in binder: Binder) -> Spanned<String> {
    if let column { return column }
    let columns = binder.options.lookupTables?[lookup.table.value] ?? []
    if columns.contains(field.value) { return field }
    return Spanned(columns.first { $0.lowercased() == "cidr" } ?? field.value, field.span)
  }

  public var definedNames: [String] { lookup.outputs.map(\.field.value) }

  public var description: String {
    "cidrlookup \(printedName(lookup.table.value)) \(printedName(field.value))"
      + (column.map { " as \(printedName($0.value))" } ?? "") + " \(lookup.description)"
  }
}
