internal import InsightsModel

/// `relevantfields` ranks fields by how much their values differ between the events that meet a
/// condition and all others.
public struct RelevantfieldsCommand: Command {
  public static let descriptor = CommandDescriptor(
    keyword: "relevantfields", synopsis: "relevantfields [<field>, …] where <condition>",
    summary: "Ranks fields by how much they differ where the condition is true.",
    examples: ["relevantfields @requestId, @logStream where @duration > 1000"])

  public static let traits = CommandTraits(.replacesRows)

  /// The maximum number of fields compared.
  static let fieldLimit = 100

  public let span: SourceSpan
  /// Empty for all.
  private let fields: [Spanned<String>]
  private let condition: Expression

  public init?(parsing parser: inout Parser, keyword: Token) {
    var fields: [Spanned<String>] = []
    if !parser.current.isKeyword("where") {
      let expected = "fields, or 'where' and a condition"
      guard let parsed = parser.parseList(of: { $0.parseField(expected) }) else { return nil }
      fields = parsed
    }
    self.fields = fields
    guard parser.takeKeyword("where") else {
      parser.reportUnexpected(expected: "'where' and a condition")
      return nil
    }
    guard let condition = parser.parseExpression() else { return nil }
    self.condition = condition
    span = keyword.span.lowerBound..<parser.previousEnd
  }

  public func bind(in binder: inout Binder) {
    for field in fields where !binder.isRead(field.value) {
      binder.report(
        "computed-field", "'\(field.value)' is no field of the events", at: field.span,
        notes: ["'relevantfields' takes only fields that the events have themselves"])
      return
    }
    guard let condition = binder.bind(condition)?.asCondition else { return }
    var columns: [PlanColumn] = []
    for name in fields.isEmpty ? namesOfAllFields(binder) : fields {
      guard let column = binder.lookUpSingleValue(name, for: "relevantfields") else { return }
      if !columns.contains(column) { columns.append(column) }
    }
    guard !columns.isEmpty else {
      binder.report(
        "computed-field", "there are no fields of events here", at: span,
        notes: ["'relevantfields' takes only fields that the events have themselves"],
        help: ["move it before 'stats'"])
      return
    }
    binder.rank(columns, by: condition, onlyRelevant: fields.isEmpty)
  }

  /// Returns the discovered fields and the numeric fields of invocations, without those in the
  /// condition itself.
  private func namesOfAllFields(_ binder: Binder) -> [Spanned<String>] {
    let used = Set(condition.names.map(\.value))
    let figures = ["@type", "@duration", "@memorySize", "@maxMemoryUsed", "@initDuration"]
    let names =
      ["@logStream", "@log"] + figures + (binder.catalog?.discoveredFields.sorted() ?? [])
    return names.filter { !used.contains($0) && binder.isRead($0) }.prefix(Self.fieldLimit)
      .map { Spanned($0, span) }
  }

  public var expressions: [Expression] { [condition] }

  public var definedNames: [String] { Relevance.columns.map(\.name) }

  public var description: String {
    "relevantfields "
      + (fields.isEmpty ? "" : fields.map { printedName($0.value) }.joined(separator: ", ") + " ")
      + "where \(condition)"
  }
}
