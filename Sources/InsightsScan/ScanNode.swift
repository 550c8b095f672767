internal import InsightsSegments
internal import CSQLite
internal import InsightsModel
internal import InsightsText

/// A scan expression prepared for one thread: fields resolved, patterns compiled, texts stored.
final class ScanNode {
  enum Kind {
    case field(FieldSource)
    case literal(Cell)
    case call(FunctionID)
    case membership(texts: [Cell], numbers: [NumericText.Number])
  }

  let kind: Kind
  /// Identifies equal expressions in several scans.
  let identity: Identity
  /// How a call is computed.
  private(set) var kernel: ScanKernel?
  let arguments: [ScanNode]
  /// Literals of which the first argument must contain one for the call to be true or to have a
  /// value; empty if none are known.
  private(set) var requiredLiterals: [RequiredLiteral] = []
  /// Whether the call is true exactly if one of the literals occurs.
  var isPlainSearch: Bool {
    !requiredLiterals.isEmpty && requiredLiterals.allSatisfy(\.isSufficient)
  }
  /// The request id that the call compares with those of the events, if it is a UUID.
  private(set) var requestID: UUID?
  private(set) var expression: RegularExpression?
  private(set) var glob: GlobPattern?
  private(set) var captureNumber = 0
  private(set) var selection: JSONSelection?
  /// For a field of a space-separated text: the number of names, the gap between them, and its
  /// index.
  private(set) var spacedField: (count: Int, gap: Int?, index: Int)?
  /// Zero-terminated, for SQLite.
  private(set) var sqlGlob: [CChar] = []
  /// The period of a date function.
  private(set) var period: DateKernels.Period?

  /// An expression with its hash.
  struct Identity: Hashable {
    private let expression: ScanExpression
    private let knownHash: Int

    init(_ expression: ScanExpression) {
      self.expression = expression
      knownHash = expression.hashValue
    }

    func hash(into hasher: inout Hasher) { hasher.combine(knownHash) }
  }

  /// Prepares an expression.
  ///
  /// - Throws: `StoreError.sqlite` for an invalid regex, and for a function that the scan does not
  ///   support.
  init(
    _ expression: ScanExpression, fieldIDs: [[UInt8]: Int64], arena: TextArena
  ) throws(StoreError) {
    identity = Identity(expression)
    switch expression {
    case .field(let name):
      kind = .field(FieldSource(field: name, fieldIDs: fieldIDs))
      arguments = []
    case .literal(let value):
      kind = .literal(Cell(value, in: arena))
      arguments = []
    case .membership(let operand, let texts, let numbers):
      kind = .membership(
        texts: texts.map { Cell($0, in: arena) },
        numbers: numbers.compactMap { Cell($0, in: arena).storedNumber })
      arguments = [try ScanNode(operand, fieldIDs: fieldIDs, arena: arena)]
    case .call(let function, let operands):
      guard let kernel = ScanKernel.all[function] else {
        throw .sqlite(code: 1, message: "scan has no kernel for \(function.rawValue)", sql: "")
      }
      kind = .call(function)
      self.kernel = kernel
      var nodes: [ScanNode] = []
      for operand in operands {
        nodes.append(try ScanNode(operand, fieldIDs: fieldIDs, arena: arena))
      }
      arguments = nodes
      try prepare(function)
    }
  }

  /// The value of a literal; otherwise `nil`.
  var literal: Cell? {
    if case .literal(let cell) = kind { cell } else { nil }
  }

  var field: FieldSource? {
    if case .field(let source) = kind { source } else { nil }
  }

  /// Whether it is true exactly for the events of the type REPORT, if it is a comparison.
  var selectsReports: Bool {
    guard arguments.count == 2, arguments[0].field == .system(.type),
      let name = arguments[1].literal,
      name.kind == .text
    else { return false }
    return name.text.elementsEqual("REPORT".utf8)
  }

  /// The texts that filters of messages are tested for, if it is a condition.
  var searchedTexts: [String] {
    let own =
      arguments.first?.field == .system(.message)
      ? requiredLiterals.filter { !$0.tokens.alternatives.isEmpty } : []
    return own.map { String(decoding: $0.search.bytes, as: UTF8.self) }
      + arguments.flatMap(\.searchedTexts)
  }

  private func prepare(_ function: FunctionID) throws(StoreError) {
    if arguments.count == 3, let count = arguments[1].literal, let unit = arguments[2].literal {
      period = DateKernels.Period(count: count, unit: unit)
    }
    if function == .spacedField {
      let numbers = arguments.dropFirst().compactMap { $0.literal?.wholeNumber }.map { Int($0) }
      guard numbers.count == 3 else { return }
      spacedField = (numbers[0], numbers[1] < 0 ? nil : numbers[1], numbers[2])
    }
    guard arguments.count > 1, let pattern = arguments[1].literal, pattern.kind == .text else {
      return
    }
    let text = String(decoding: pattern.text, as: UTF8.self)
    switch function {
    case .equal, .equalValues:
      if arguments[0].field == .system(.requestID) { requestID = UUID(pattern.text) }
    case .contains:
      require([LiteralSearch(Array(pattern.text))], isSufficient: [true])
    case .startsWith, .endsWith: require([LiteralSearch(Array(pattern.text))])
    case .matches, .capture:
      do throws(RegularExpressionError) {
        expression = try RegularExpression(pattern: text)
      } catch {
        throw .sqlite(code: 1, message: "regular expression: \(error.message)", sql: "")
      }
      let literals = RequiredLiterals(ofPattern: text)
      require(
        literals.searches, isSufficient: function == .matches ? literals.isWhole : [])
      setCaptureNumber()
    case .glob:
      glob = GlobPattern(text)
      let longest = text.utf8.split(separator: UInt8(ascii: "*")).max { $0.count < $1.count }
      require([longest.flatMap { LiteralSearch(Array($0)) }])
      setCaptureNumber()
    case .jsonSelects:
      selection = JSONSelection(pattern.text)
      guard selection != nil else {
        throw .sqlite(code: 1, message: "a selection is not understood", sql: "")
      }
    case .matchesGlob: sqlGlob = text.utf8.map { CChar(bitPattern: $0) } + [0]
    default: break
    }
  }

  private func require(_ searches: [LiteralSearch?], isSufficient: [Bool] = []) {
    requiredLiterals = searches.compactMap { $0 }.enumerated().map { index, search in
      RequiredLiteral(
        search, isSufficient: isSufficient.indices.contains(index) && isSufficient[index])
    }
  }

  private func setCaptureNumber() {
    guard arguments.count > 2, case .integer(let number)? = arguments[2].literal?.storedNumber
    else { return }
    captureNumber = Int(truncatingIfNeeded: number)
  }
}

/// A literal that a text must contain.
struct RequiredLiteral {
  var search: LiteralSearch { inTemplates.search }
  let inTemplates: TemplateLiteral
  let tokens: FilterTokens
  /// The hashes of the UUIDs in the literal.
  let uuidHashes: [UInt64]
  /// Whether every text that contains the literal matches.
  let isSufficient: Bool

  init(_ search: LiteralSearch, isSufficient: Bool) {
    inTemplates = TemplateLiteral(search)
    self.isSufficient = isSufficient
    tokens = FilterTokens(of: search)
    // In upper case a UUID is in no filter.
    uuidHashes = search.ignoresCase ? [] : UUID.all(in: search.bytes).map(\.filterHash)
  }
}

extension Cell {
  init(_ value: Value, in arena: TextArena) {
    switch value {
    case .null: self = .null
    case .integer(let integer): self.init(integer)
    case .real(let real): self.init(real)
    case .text(let text), .wide(let text): self = arena.cell(copying: Array(text.utf8))
    }
  }
}
