internal import InsightsModel

/// `addtotals` adds the sum of each row's numbers, and with `col=true` the sum of each column.
public struct AddtotalsCommand: Command {
  public static let descriptor = CommandDescriptor(
    keyword: "addtotals",
    synopsis: "addtotals [fieldname=Total] [row=true] [col=false] [<field>, …]",
    summary: "Adds the sum of each row's numbers, and with col=true a last row of sums.",
    examples: [
      "stats sum(@type = \"START\") as starts, sum(@type = \"REPORT\") as reports by @log | addtotals col=true"
    ])

  public static let traits = CommandTraits(.replacesRows)

  public let span: SourceSpan
  private let name: Spanned<String>?
  private let addsColumn: Bool
  private let addsRow: Bool
  private let fields: [Spanned<String>]

  private static let optionNames = ["fieldname", "row", "col"]

  public init?(parsing parser: inout Parser, keyword: Token) {
    var name: Spanned<String>?
    var addsColumn = true
    var addsRow = false
    while let option = parser.parseOption() {
      switch option.name.value {
      case "fieldname":
        switch option.value.kind {
        case .word(let text), .quotedName(let text), .string(let text):
          name = Spanned(text, option.value.span)
        default:
          parser.report("option-value", "'fieldname' is a name", at: option.value.span)
          return nil
        }
      case "row":
        guard let truth = option.truth(in: &parser) else { return nil }
        addsColumn = truth
      case "col":
        guard let truth = option.truth(in: &parser) else { return nil }
        addsRow = truth
      default:
        option.reportUnknown(known: Self.optionNames, in: &parser)
        return nil
      }
    }
    self.name = name
    self.addsColumn = addsColumn
    self.addsRow = addsRow
    if parser.isAtCommandEnd {
      fields = []
    } else {
      guard let fields = parser.parseList(of: { $0.parseField("a field to add up") }) else {
        return nil
      }
      self.fields = fields
    }
    span = keyword.span.lowerBound..<parser.previousEnd
  }

  public func bind(in binder: inout Binder) {
    var columns = binder.selection.columns.filter {
      $0.type == .number || $0.type == .boolean || $0.type == .any || $0.type == .element
    }
    if !fields.isEmpty {
      columns = []
      for field in fields {
        guard let column = binder.lookUpSingleValue(field, for: "addtotals") else { return }
        columns.append(column)
      }
    }
    if addsColumn {
      let total = PlanColumn(name?.value ?? "Total", .number, isComputed: true)
      guard binder.add(total, at: name?.span ?? span) else { return }
      binder.extend([NamedExpression(column: total, expression: Self.sum(of: columns))])
      if addsRow { columns.append(total) }
    }
    guard addsRow else { return }
    binder.total(
      columns.map { column in
        NamedExpression(
          column: column,
          expression: BoundExpression.column(column).calling(.sum))
      })
  }

  /// Returns the sum of the numeric values; missing if there is none.
  private static func sum(of columns: [PlanColumn]) -> BoundExpression {
    let numbers = columns.map { BoundExpression.column($0).asNumber }
    guard !numbers.isEmpty else { return .literal(.null) }
    let addends = numbers.map { BoundExpression.call(.coalesce, [$0, .literal(.integer(0))]) }
    let sum = addends.dropFirst().reduce(addends[0]) { $0.calling(.plus, $1) }
    let first = numbers.count > 1 ? .call(.coalesce, numbers) : numbers[0]
    return .choice(among: [first.calling(.isPresent), sum])
  }

  public var definedNames: [String] { addsColumn ? [name?.value ?? "Total"] : [] }

  public var description: String {
    var text = "addtotals fieldname=\(printedName(name?.value ?? "Total"))"
    text += " row=\(addsColumn) col=\(addsRow)"
    if !fields.isEmpty {
      text += " " + fields.map { printedName($0.value) }.joined(separator: ", ")
    }
    return text
  }
}
