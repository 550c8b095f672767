public import InsightsModel

/// The properties of a `FunctionID`; each id has one entry.
///
/// The entry of a function of the language is part of the function's entry, the others are below.
public struct Operation: Sendable {
  /// The rows that a call is computed from.
  public enum Kind: Sendable {
    /// The values of one row.
    case scalar
    /// The rows of a group.
    case aggregate
    /// The rows around a row.
    case window
  }

  /// The effect of a missing argument.
  public enum NullRule: Sendable {
    /// The result is missing if any argument is.
    case propagates
    /// An aggregate skips rows whose first argument is missing.
    case skipsRows
    /// The function defines its own result.
    case isMeaningful
  }

  enum ResultType: Sendable {
    case always(ValueType)
    /// The type of the first argument.
    case ofFirst
    /// The common type of all arguments.
    case common
    case from(@Sendable ([BoundExpression]) -> ValueType)
  }

  /// The id that the entry describes.
  public let id: FunctionID
  /// Which rows a call reads.
  public let kind: Kind
  /// The effect of missing arguments.
  public let nulls: NullRule
  /// Whether the arguments may be swapped.
  public let isCommutative: Bool
  private let type: ResultType

  init(
    _ id: FunctionID, _ type: ResultType, kind: Kind = .scalar, nulls: NullRule = .propagates,
    isCommutative: Bool = false
  ) {
    self.id = id
    self.type = type
    self.kind = kind
    self.nulls = nulls
    self.isCommutative = isCommutative
  }

  init(
    _ id: FunctionID, _ type: ValueType, nulls: NullRule = .propagates, isCommutative: Bool = false
  ) {
    self.init(id, .always(type), nulls: nulls, isCommutative: isCommutative)
  }

  static func aggregate(
    _ id: FunctionID, _ type: ResultType, nulls: NullRule = .skipsRows
  ) -> Operation {
    Operation(id, type, kind: .aggregate, nulls: nulls)
  }

  static func aggregate(_ id: FunctionID, _ type: ValueType) -> Operation {
    aggregate(id, .always(type))
  }

  private static func window(_ id: FunctionID, _ type: ResultType) -> Operation {
    Operation(id, type, kind: .window, nulls: .isMeaningful)
  }

  func type(of arguments: [BoundExpression]) -> ValueType {
    switch type {
    case .always(let type): type
    case .ofFirst: arguments.first?.type ?? .any
    case .common: commonType(of: arguments)
    case .from(let rule): rule(arguments)
    }
  }

  /// All entries.
  public static let all = FunctionRegistry.all.flatMap(\.operations) + operators + commands

  private static let byID = Dictionary(
    all.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })

  /// Returns the entry of an id.
  public static func of(_ id: FunctionID) -> Operation {
    // A test checks that every id has an entry.
    byID[id] ?? Operation(id, .any)
  }

  /// The operations of the language's operators and coercions.
  private static let operators: [Operation] = [
    Operation(.and, .boolean, nulls: .isMeaningful, isCommutative: true),
    Operation(.or, .boolean, nulls: .isMeaningful, isCommutative: true),
    Operation(.not, .boolean),
    Operation(.isNonzero, .boolean),
    Operation(.isTrue, .boolean),
    Operation(.equal, .boolean, isCommutative: true),
    Operation(.less, .boolean),
    Operation(.lessOrEqual, .boolean),
    Operation(.greater, .boolean),
    Operation(.greaterOrEqual, .boolean),
    Operation(.equalValues, .boolean, isCommutative: true),
    Operation(.sortsBefore, .boolean),
    Operation(.sortsBeforeOrEqual, .boolean),
    Operation(.sortsAfter, .boolean),
    Operation(.sortsAfterOrEqual, .boolean),
    Operation(.matches, .boolean),
    Operation(.matchesGlob, .boolean),
    Operation(.number, .number),
    Operation(.plainNumber, .number),
    Operation(.comparedValue, .any),
    Operation(.singleValue, .any),
    Operation(.element, .element),
    // A timestamp plus or minus a number of milliseconds is a timestamp.
    Operation(
      .plus,
      .from { arguments in
        let times = arguments.count { $0.type == .timestamp }
        return times == 1 ? .timestamp : .number
      }, isCommutative: true),
    Operation(
      .minus,
      .from { arguments in
        arguments.first?.type == .timestamp && arguments.last?.type != .timestamp
          ? .timestamp : .number
      }),
    Operation(.times, .number, isCommutative: true),
    Operation(.divided, .number),
    Operation(.remainder, .number),
    Operation(.power, .number),
    Operation(.negative, .number),
    Operation(.addMonths, .timestamp),
  ]

  /// Operations that only commands use.
  private static let commands: [Operation] = [
    Operation(.text, .text),
    Operation(.capture, .text),
    Operation(.glob, .text),
    Operation(.captures, .structure),
    Operation(.logfmt, .structure),
    Operation(.csv, .text),
    Operation(.xml, .text),
    Operation(.textElement, .text),
    Operation(.elements, .text),
    Operation(.textMember, .text),
    Operation(.numberMember, .number),
    Operation(.cidrRow, .number),
    .aggregate(.patterns, .text),
    .aggregate(.relevance, .always(.text), nulls: .isMeaningful),
    .window(.rowNumber, .always(.number)),
    .window(.lag, .ofFirst),
    .window(.windowCount, .always(.number)),
    .window(.windowMaximum, .ofFirst),
    .window(.windowSum, .always(.number)),
  ]
}

/// Returns the type of a value that is one of several.
func commonType(of expressions: [BoundExpression]) -> ValueType {
  guard let first = expressions.first?.type, expressions.allSatisfy({ $0.type == first }) else {
    return expressions.contains { $0.type.mayBeStructure } ? .element : .any
  }
  return first
}
