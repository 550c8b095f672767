internal import InsightsModel

/// `outlier` limits numbers far from the interquartile range, or drops their rows.
public struct OutlierCommand: Command {
  public static let descriptor = CommandDescriptor(
    keyword: "outlier",
    synopsis:
      "outlier [action=transform|remove] [param=2.5] [uselower=false] [mark=false] <field> …",
    summary: "Bounds numbers that lie far from the middle half of all, or drops their rows.",
    examples: [
      "filter @type = \"REPORT\" | outlier action=remove @duration | stats avg(@duration)",
      "fields @timestamp, @duration | outlier param=1.5 mark=true @duration",
    ])

  public static let traits = CommandTraits(.replacesRows)

  /// The column of `mark=true`.
  private static let markName = "outlier"
  private static let optionNames = ["action", "param", "uselower", "mark"]

  public let span: SourceSpan
  private let removes: Bool
  private let factor: Double
  private let hasLowerBound: Bool
  private let marks: Bool
  private let fields: [Spanned<String>]

  public init?(parsing parser: inout Parser, keyword: Token) {
    var removes = false
    var factor = 2.5
    var hasLowerBound = false
    var marks = false
    while let option = parser.parseOption() {
      switch option.name.value {
      case "action":
        guard option.value.isKeyword("remove") || option.value.isKeyword("transform") else {
          parser.report(
            "option-value", "'action' is transform or remove", at: option.value.span,
            help: ["write: action=remove"])
          return nil
        }
        removes = option.value.isKeyword("remove")
      case "param":
        guard let number = option.number(in: &parser) else { return nil }
        factor = number
      case "uselower":
        guard let truth = option.truth(in: &parser) else { return nil }
        hasLowerBound = truth
      case "mark":
        guard let truth = option.truth(in: &parser) else { return nil }
        marks = truth
      default:
        option.reportUnknown(known: Self.optionNames, in: &parser)
        return nil
      }
    }
    var fields: [Spanned<String>] = []
    repeat {
      guard let field = parser.parseField("a field that holds numbers") else { return nil }
      fields.append(field)
      _ = parser.takeSymbol(",")
    } while !parser.isAtCommandEnd
    self.removes = removes
    self.factor = factor
    self.hasLowerBound = hasLowerBound
    self.marks = marks
    self.fields = fields
    span = keyword.span.lowerBound..<parser.previousEnd
  }

  public func bind(in binder: inout Binder) {
    var bounds: [Bounds] = []
    for field in fields {
      guard let column = binder.lookUpSingleValue(field, for: "outlier") else { return }
      bounds.append(Bounds(of: column, factor: factor))
    }
    // Add the quartiles of all rows to each of them.
    binder.beside(bounds.flatMap(\.aggregates))
    let outside = bounds.map { $0.isOutside(checksLower: hasLowerBound) }
    guard let isOutlier = BoundExpression.joined(outside, by: .or) else { return }
    if marks {
      let mark = PlanColumn(Self.markName, .boolean, isComputed: true)
      guard binder.add(mark, at: span) else { return }
      binder.extend([NamedExpression(column: mark, expression: isOutlier)])
    }
    if removes {
      binder.plan = .filter(binder.plan, isOutlier.negatedCondition)
      return
    }
    for bound in bounds {
      let column = PlanColumn(bound.column.name, bound.column.type, isComputed: true)
      binder.extend([
        NamedExpression(column: column, expression: bound.bounded(checksLower: hasLowerBound))
      ])
      binder.replace(column)
    }
  }

  /// The bounds of one field: `factor` times the interquartile range beyond the quartiles.
  private struct Bounds {
    let column: PlanColumn
    private let lower: PlanColumn
    private let upper: PlanColumn
    private let factor: BoundExpression

    init(of column: PlanColumn, factor: Double) {
      self.column = column
      self.factor = .literal(.real(factor))
      lower = PlanColumn("quartile 1(\(column.name))'", .number)
      upper = PlanColumn("quartile 3(\(column.name))'", .number)
    }

    var aggregates: [NamedExpression] {
      [(lower, 25.0), (upper, 75.0)].map { quartile, percentage in
        NamedExpression(
          column: quartile,
          expression: BoundExpression.column(column).calling(
            .percentile, .literal(.real(percentage))))
      }
    }

    private var number: BoundExpression { BoundExpression.column(column).asNumber }

    /// `factor` times the interquartile range.
    private var margin: BoundExpression {
      factor.calling(.times, BoundExpression.column(upper).calling(.minus, .column(lower)))
    }

    private var lowerBound: BoundExpression {
      BoundExpression.column(lower).calling(.minus, margin)
    }

    private var upperBound: BoundExpression {
      BoundExpression.column(upper).calling(.plus, margin)
    }

    /// Whether a value is outside; non-numeric values are not.
    func isOutside(checksLower: Bool) -> BoundExpression {
      var isOutside = number.calling(.greater, upperBound)
      if checksLower { isOutside = isOutside.calling(.or, number.calling(.less, lowerBound)) }
      return .call(.coalesce, [isOutside, .literal(.integer(0))])
    }

    func bounded(checksLower: Bool) -> BoundExpression {
      var choices = [number.calling(.greater, upperBound), upperBound]
      if checksLower { choices += [number.calling(.less, lowerBound), lowerBound] }
      return .choice(among: choices + [.column(column)])
    }
  }

  public var definedNames: [String] { marks ? [Self.markName] : [] }

  public var description: String {
    "outlier action=\(removes ? "remove" : "transform") param=\(factor) uselower=\(hasLowerBound) "
      + "mark=\(marks) " + fields.map { printedName($0.value) }.joined(separator: " ")
  }
}
