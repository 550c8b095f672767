internal import InsightsModel
internal import InsightsText

/// `filldown` replaces a missing value by that of the nearest earlier row that has one.
public struct FilldownCommand: Command {
  public static let descriptor = CommandDescriptor(
    keyword: "filldown", synopsis: "filldown [<field> | <prefix>* …]",
    summary:
      "Fills missing values with the last one before, in all shown fields or the named ones.",
    examples: ["fields @timestamp, level, service | sort @timestamp | filldown level"])

  public let span: SourceSpan
  private let targets: [Target]

  private enum Target {
    case field(Spanned<String>)
    case prefix(Spanned<String>)
  }

  public init?(parsing parser: inout Parser, keyword: Token) {
    var targets: [Target] = []
    while !parser.isAtCommandEnd {
      if parser.current.isSymbol("*") {
        targets.append(.prefix(Spanned("", parser.current.span)))
        parser.advance()
        continue
      }
      guard let name = parser.parseField("a field, separated by blanks, or '|'") else { return nil }
      if parser.current.isSymbol("*"), parser.current.span.lowerBound == name.span.upperBound {
        parser.advance()
        targets.append(
          .prefix(Spanned(name.value, name.span.lowerBound..<parser.previousEnd)))
      } else {
        targets.append(.field(name))
      }
      _ = parser.takeSymbol(",")
    }
    self.targets = targets
    span = keyword.span.lowerBound..<parser.previousEnd
  }

  public func bind(in binder: inout Binder) {
    guard let columns = columns(in: &binder), !columns.isEmpty else { return }
    // Rows after the same value share the number of values so far.
    let numbers = columns.map { column in
      WindowColumn(
        binder.intermediate("filldown", of: column),
        BoundExpression.column(column).calling(.windowCount))
    }
    binder.window(numbers)
    let filled = zip(columns, numbers).map { column, number in
      WindowColumn(
        column, BoundExpression.column(column).calling(.windowMaximum),
        partition: [number.column], order: .none)
    }
    binder.window(filled)
    for column in columns { binder.redefine(column) }
  }

  private func columns(in binder: inout Binder) -> [PlanColumn]? {
    let shown = binder.selection.columns
    guard !targets.isEmpty else { return shown.filter { !$0.type.isStructure } }
    var columns: [PlanColumn] = []
    for target in targets {
      switch target {
      case .field(let name):
        guard let column = binder.lookUpSingleValue(name, for: "filldown") else { return nil }
        columns.append(column)
      case .prefix(let prefix):
        let found = shown.filter { $0.name.hasPrefix(prefix.value) && !$0.type.isStructure }
        if found.isEmpty {
          binder.warn(
            "no-such-fields", "no field that is shown begins with '\(prefix.value)'",
            at: prefix.span,
            help: ["fields: \(shown.map(\.name).joined(separator: ", "))"])
        }
        columns += found
      }
    }
    return columns.reduce(into: []) { unique, column in
      if !unique.contains(where: { $0.name == column.name }) { unique.append(column) }
    }
  }

  public var description: String {
    let names = targets.map { target in
      switch target {
      case .field(let name): printedName(name.value)
      case .prefix(let prefix): (prefix.value.isEmpty ? "" : printedName(prefix.value)) + "*"
      }
    }
    return (["filldown"] + names).joined(separator: " ")
  }
}
