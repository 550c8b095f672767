public import InsightsModel
internal import InsightsText

/// Resolves names and types and converts commands to a plan.
///
/// It reads no files, no clock and no database: all its inputs are in `Options`.
public struct Binder {
  /// The inputs of a query in addition to its text.
  public struct Options: Sendable {
    /// The time range; events outside are not read.
    public var timeRange: TimeRange
    /// Globs for log group names; empty for all.
    public var logGroups: [String]
    /// The value of `now()`, in epoch milliseconds.
    public var now: Int64
    /// The maximum number of rows, in addition to any `limit` of the query; `nil`: only its
    /// `limit`, or else `Binder.defaultRowLimit`.
    public var rowLimit: Int?
    /// Whether rows include what API replies always have: single events end with their `@ptr`,
    /// patterns with their details.
    public var showsDetails: Bool
    /// The columns of the tables that `lookup` may use.
    ///
    /// Unused tables may be missing. `nil`: the tables are unknown, and any name is accepted.
    public var lookupTables: [String: [String]]?
    /// Whether a table that is not in `lookupTables` is only a warning, for checking queries
    /// without their tables.
    public var allowsUnknownLookupTables = false
    /// Whether a text names a time zone; decided by the system.
    public var isTimeZone: @Sendable (String) -> Bool = { _ in true }

    /// Options without restrictions, with `now` at the epoch.
    public init(
      timeRange: TimeRange = .everything, logGroups: [String] = [], now: Int64 = 0,
      rowLimit: Int? = nil, showsDetails: Bool = false, lookupTables: [String: [String]]? = nil
    ) {
      self.timeRange = timeRange
      self.logGroups = logGroups
      self.now = now
      self.rowLimit = rowLimit
      self.showsDetails = showsDetails
      self.lookupTables = lookupTables
    }
  }

  /// The row limit of a query without `limit`.
  public static let defaultRowLimit = 10_000

  /// The maximum number of fields that one query may read and define.
  static let fieldLimit = 1000

  let options: Options
  let catalog: (any Catalog)?
  let source: SourceText
  private(set) var diagnostics: [Diagnostic] = []

  /// The time range of the query: that of the options, restricted by `SOURCE`.
  private(set) var timeRange: TimeRange
  var plan: Plan
  var scope: Scope
  var selection: Selection
  private(set) var hasAggregated = false
  var relation: Relation = .events
  /// The keys of the last `stats`, with their expressions.
  var groupKeys: [NamedExpression] = []
  private(set) var isSorted = false
  /// The value of the last `limit`.
  private var limit: Int?
  /// The last `pattern`, and the plan that ends with it.
  private var clustering: (clustering: Clustering, plan: Plan)?
  /// The aliases of the command being bound.
  private var siblings: Set<String> = []
  /// The offset of `bin` periods in milliseconds, while the keys of a `stats` are bound.
  var binOffset: Int64 = 0
  private var usedNames: Set<String> = []
  /// The definitions of the names that the query has defined and that are in scope.
  private var definitions: [String: BoundExpression] = [:]
  /// The number of operations of each computed field.
  private var operationCounts: [String: Int] = [:]

  private init(source: SourceText, options: Options, catalog: (any Catalog)?) {
    self.source = source
    self.options = options
    self.catalog = catalog
    timeRange = options.timeRange
    plan = .scan(Scan(relation: .events, timeRange: .everything, logGroups: []))
    scope = Scope(of: .events)
    selection = Selection(fallback: [])
    read(.events)
  }

  /// Binds a query; returns its plan and the diagnostics.
  ///
  /// The plan is valid if no diagnostic is an error.
  public static func bind(
    _ syntax: QuerySyntax, of source: SourceText, options: Options = Options(),
    catalog: (any Catalog)? = nil
  ) -> (plan: Plan, diagnostics: [Diagnostic]) {
    var binder = Binder(source: source, options: options, catalog: catalog)
    binder.bind(syntax)
    binder.finish()
    return (binder.plan, binder.diagnostics)
  }

  private mutating func bind(_ syntax: QuerySyntax) {
    syntax.source?.bind(in: &self)
    let (commands, diagnostics) = CommandArrangement.arrange(syntax.commands, of: source)
    self.diagnostics += diagnostics
    for command in commands { command.bind(in: &self) }
  }

  /// Binds a nested query; `nil` after reporting its errors.
  ///
  /// It does not see the enclosing query. `body` extracts the result.
  mutating func bindSubquery<Result>(
    _ syntax: QuerySyntax, _ body: (inout Binder) -> Result?
  ) -> Result? {
    var inner = Binder(source: source, options: options, catalog: catalog)
    inner.usedNames = usedNames
    inner.bind(syntax)
    let isSound = !inner.diagnostics.contains { $0.severity == .error }
    let result = isSound ? body(&inner) : nil
    usedNames = inner.usedNames
    diagnostics += inner.diagnostics
    return result
  }

  // MARK: Nodes that commands add

  /// Reads a relation, restricted to the log groups that match one of the globs, and to the
  /// intersection of the query's time range with `range`.
  mutating func read(
    _ relation: Relation, ofLogGroups globs: [String]? = nil, in range: TimeRange = .everything
  ) {
    self.relation = relation
    scope = Scope(of: relation)
    timeRange = options.timeRange.intersection(with: range)
    plan = .scan(
      Scan(
        relation: relation, timeRange: timeRange,
        logGroups: globs ?? options.logGroups))
    selection = Selection(
      fallback: relation.defaultFields.compactMap { relation.column(named: $0) })
  }

  /// Binds projections one after the other, so that each may use the previous ones; returns their
  /// columns.
  mutating func extend(with projections: [Projection]) -> [PlanColumn] {
    var columns: [PlanColumn] = []
    var added: [NamedExpression] = []
    defer { siblings = [] }
    for projection in projections {
      if projection.alias == nil, case .name(let name, _, let span) = projection.expression,
        scope.structure(behind: name) == nil
      {
        if let column = lookUp(Spanned(name, span)) { columns.append(column) }
        continue
      }
      // The same expression again, without an alias, is the existing column.
      if projection.alias == nil,
        let column = scope.columns.first(where: { $0.name == projection.name })
      {
        columns.append(column)
        continue
      }
      guard let expression = bind(projection.expression) else {
        assume(projection.name)
        continue
      }
      let span = projection.alias?.span ?? projection.expression.span
      let column = self.column(named: projection.name, for: expression)
      guard !isDefined(column.name, as: expression) else {
        columns.append(column)
        continue
      }
      guard define(column, as: expression, at: span) else { continue }
      siblings.insert(column.name)
      added.append(NamedExpression(column: column, expression: expression))
      columns.append(column)
    }
    if !added.isEmpty { plan = .extend(plan, added) }
    return columns
  }

  /// Adds fields that a command computes.
  mutating func define(_ fields: [(name: Spanned<String>, expression: BoundExpression)]) {
    var added: [NamedExpression] = []
    for field in fields {
      // Text extracted from a message is shown unchanged.
      let column = PlanColumn(field.name.value, field.expression.type)
      if isDefined(column.name, as: field.expression) { continue }
      guard define(column, as: field.expression, at: field.name.span) else { return }
      added.append(NamedExpression(column: column, expression: field.expression))
    }
    if !added.isEmpty { plan = .extend(plan, added) }
  }

  mutating func aggregate(
    keys: [NamedExpression], aggregates: [NamedExpression], computed: [NamedExpression],
    results: [PlanColumn], span: SourceSpan
  ) {
    plan = .aggregate(plan, keys: keys, aggregates: aggregates)
    if !computed.isEmpty { plan = .extend(plan, computed) }
    groupKeys = keys
    replaceScope(with: keys.map(\.column) + results)
  }

  /// Continues with the results of `stats` only.
  mutating func replaceScope(with columns: [PlanColumn]) {
    scope = Scope(columns: columns)
    definitions = [:]
    selection.restart(with: columns)
    hasAggregated = true
    isSorted = false
    limit = nil
  }

  mutating func sort(by keys: [SortKey]) {
    guard !keys.isEmpty else { return }
    plan = .sort(plan, keys)
    isSorted = true
  }

  mutating func limit(to count: Int, inAnyOrder: Bool) {
    // An order must be fixed before rows are limited, except for `limit any`; groups need one in
    // any case.
    if !inAnyOrder || hasAggregated { sortUnlessSorted() }
    plan = .limit(plan, count)
    limit = count
  }

  mutating func deduplicate(by columns: [PlanColumn]) {
    sortUnlessSorted()
    plan = .deduplicate(plan, columns)
  }

  /// Continues with the patterns of a text.
  mutating func cluster(_ clustering: Clustering) {
    plan = clustering.plan
    replaceScope(with: clustering.columns)
    selection.restart(
      with: options.showsDetails ? clustering.columns : clustering.shownColumns)
    sort(by: clustering.order)
    self.clustering = (clustering, plan)
  }

  /// The source of the current patterns; `nil` if the rows are not patterns, or not all of them.
  var currentClustering: Clustering? {
    guard let clustering, clustering.plan == plan else { return nil }
    return clustering.clustering
  }

  /// Sorts the rows of a query without an order into the expected one: newest first.
  ///
  /// Groups are sorted by their keys, ascending; periods newest first, as in CloudWatch.
  mutating func sortUnlessSorted() {
    guard !isSorted else { return }
    if hasAggregated {
      let keys = groupKeys.map(\.column)
      sort(
        by: keys.enumerated().map { index, column in
          SortKey(column: column, isDescending: index == 0 && column.isPeriodEdge)
        })
    } else if let time = scope.lookUp("@timestamp") {
      sort(by: [SortKey(column: time, isDescending: true)])
    }
  }

  private mutating func finish() {
    let rowLimit = options.rowLimit ?? limit ?? Self.defaultRowLimit
    if case .limit(let input, let count) = plan {
      plan = .limit(input, min(count, rowLimit))
    } else if rowLimit < limit ?? .max {
      limit(to: rowLimit, inAnyOrder: false)
    }
    var columns = selection.columns
    if options.showsDetails, !hasAggregated, !scope.isJoined,
      let pointer = relation.column(named: "@ptr")
    {
      columns.removeAll { $0 == pointer }
      columns.append(pointer)
    }
    plan = .project(plan, columns)
  }

  // MARK: Names

  /// Resolves a name to its value; reports an unknown name.
  ///
  /// `isList`: the command also reads lists in messages, for which only the elements are fields.
  mutating func resolve(_ name: Spanned<String>, isList: Bool = false) -> BoundExpression? {
    guard let (column, keys) = scope.structure(behind: name.value) else {
      return lookUp(name, isList: isList).map { .column($0) }
    }
    if siblings.contains(column.name) {
      warn(
        "sibling-access", "'\(column.name)' is taken apart in the command that defines it",
        at: name.span, notes: ["CloudWatch has been seen to refuse this"],
        help: ["use '\(name.value)' in a further 'fields'"])
    }
    return BoundExpression.column(column).element(keys)
  }

  /// Resolves a name to its column; reports an unknown name.
  ///
  /// A part of a map or a list becomes a column of its own. `isOperand`: the name follows an
  /// operator, where it is often text without quotes. `isList`: as in `resolve`.
  mutating func lookUp(
    _ name: Spanned<String>, isOperand: Bool = false, isList: Bool = false
  ) -> PlanColumn? {
    count(name)
    if let (base, keys) = scope.structure(behind: name.value) {
      let column = PlanColumn(name.value, .element)
      let part = NamedExpression(
        column: column, expression: BoundExpression.column(base).element(keys))
      countOperations(of: part)
      plan = .extend(plan, [part])
      scope.define(column)
      return column
    }
    guard let column = scope.lookUp(name.value) else {
      let available = scope.columns.map(\.name)
      let similar = similarNames(to: name.value, among: available)
      report(
        "unknown-field",
        scope.isJoined
          ? "neither side of the 'join' has a field '\(name.value)'"
          : hasAggregated
            ? "field '\(name.value)' is not available after 'stats'"
            : "'\(relation.name)' has no field '\(name.value)'",
        at: name.span,
        notes: hasAggregated && !scope.isJoined
          ? ["'stats' keeps only its results and its 'by' fields"] : [],
        help: [
          similar.isEmpty
            ? "available fields: \(available.joined(separator: ", "))"
            : "a field with a similar name exists: \(similar)"
        ], fix: similar.first.map(printedName))
      return nil
    }
    if !isList || !hasParts(name.value) { warnIfNowhere(name, isOperand: isOperand) }
    warnIfBehindLimit(name)
    warnIfUnqualified(name)
    return column
  }

  /// Like `lookUp`, for a command that accepts only single values.
  mutating func lookUpSingleValue(_ name: Spanned<String>, for command: String) -> PlanColumn? {
    guard let column = lookUp(name),
      checkSingleValue(.column(column), at: name.span, for: command)
    else { return nil }
    return column
  }

  /// Reports a map or a list where only single values make sense.
  mutating func checkSingleValue(
    _ expression: BoundExpression, at span: SourceSpan, for command: String
  ) -> Bool {
    guard expression.type.isStructure else { return true }
    report(
      "misplaced-structure", "'\(command)' takes no map and no list", at: span,
      help: ["name a part of it, such as \(source[span]).name or \(source[span])[0]"])
    return false
  }

  /// Warns of a field that no event has: this is legal but usually a mistake.
  private mutating func warnIfNowhere(_ name: Spanned<String>, isOperand: Bool) {
    let field = FieldPath(scope.fieldName(of: name.value)).flattened
    guard let catalog, !scope.defines(name.value), !isKnownField(name.value, in: catalog),
      !diagnostics.contains(where: {
        $0.id == "absent-field" && $0.message.contains("'\(field)'")
      })
    else { return }
    let known = scope.columns.map(\.name) + catalog.discoveredFields.sorted()
    let similar = similarNames(to: field, among: known)
    let differsInCase = known.contains { $0.lowercased() == field.lowercased() }
    var notes = differsInCase ? ["field names distinguish upper and lower case"] : []
    if hasParts(field) {
      notes.append("it is an object or a list, and only its parts are fields")
    }
    if isBehindLimit(field, in: catalog) { notes.append(limitNote(field)) }
    diagnostics.append(
      Diagnostic(
        .warning, "absent-field", "no event has a field '\(field)'", at: name.span,
        notes: notes,
        help: similar.isEmpty
          ? isOperand ? ["text stands in quotes: \(quoted(name.value))"] : []
          : ["a field with a similar name exists: \(similar)"],
        fix: similar.first.map(printedName)))
  }

  /// Warns if a field is missing in some events that contain its value, because of the limit on
  /// fields per event.
  private mutating func warnIfBehindLimit(_ name: Spanned<String>) {
    let field = FieldPath(scope.fieldName(of: name.value)).flattened
    guard let catalog, !scope.defines(name.value), catalog.discoveredFields.contains(field),
      catalog.fieldsBehindLimit?.contains(field) == true,
      !diagnostics.contains(where: {
        $0.id == "field-behind-limit" && $0.message.hasPrefix("'\(field)'")
      })
    else { return }
    diagnostics.append(
      Diagnostic(
        .warning, "field-behind-limit", "'\(field)' is missing where too many values are before it",
        at: name.span, notes: [limitNote(field)]))
  }

  /// Whether a name may be that of a value that exceeds the limit on fields per event.
  private func isBehindLimit(_ field: String, in catalog: any Catalog) -> Bool {
    guard let fields = catalog.fieldsBehindLimit else {
      return catalog.discoveredFields.count >= JSONScanner.discoveredFieldLimit
        && !field.hasPrefix("@")
    }
    if fields.contains(field) { return true }
    // Names of list elements that can never be fields, because of their index, are not recorded.
    return field.split(separator: ".").contains {
      Int($0).map { $0 >= JSONScanner.discoveredFieldLimit } ?? false
    }
  }

  private func limitNote(_ field: String) -> String {
    "of a JSON message only the first \(JSONScanner.discoveredFieldLimit) values are fields, as in CloudWatch; "
      + "jsonParse(@message).\(printedName(field)) reads one behind them"
  }

  /// After a join, warns of a name without an alias, which means the left side.
  private mutating func warnIfUnqualified(_ name: Spanned<String>) {
    guard let alias = scope.impliedAlias(of: name.value), !name.value.hasPrefix("@"),
      !diagnostics.contains(where: {
        $0.id == "unqualified-field" && $0.message.hasPrefix("'\(name.value)'")
      })
    else { return }
    warn(
      "unqualified-field", "'\(name.value)' is taken from '\(alias)', the left side of the 'join'",
      at: name.span, help: ["write: \(alias).\(name.value)"], fix: "\(alias).\(name.value)")
  }

  /// Whether events have an object or a list with this name.
  private func hasParts(_ name: String) -> Bool {
    catalog?.discoveredFields.contains {
      $0.hasPrefix(FieldPath(scope.fieldName(of: name)).flattened + ".")
    } == true
  }

  func isKnownField(_ name: String, in catalog: any Catalog) -> Bool {
    if scope.defines(name) { return true }
    let name = FieldPath(scope.fieldName(of: name)).flattened
    if scope.lookUp(name).map({ scope.defines($0.name) }) == true { return true }
    if catalog.discoveredFields.contains(name) { return true }
    // Fields of lines without keys are not in the catalog.
    if DelimitedFields.names.contains(name) { return true }
    // System fields of CloudWatch that local logs lack.
    return name.hasPrefix("@entity.") || name.hasPrefix("@aws.") || name.hasPrefix("@data_")
      || name == "@source.log"
  }

  /// Returns a column for an expression; for a plain field, the column keeps the field's properties
  /// under the new name.
  func column(named name: String, for expression: BoundExpression) -> PlanColumn {
    if case .column(let column) = expression {
      return PlanColumn(
        name, column.type, isComputed: column.isComputed, isPeriodEdge: column.isPeriodEdge,
        isReportNumber: column.isReportNumber)
    }
    // A part of a map is shown unchanged.
    return PlanColumn(
      name, expression.type, isComputed: expression.type != .element,
      isPeriodEdge: expression.isPeriodEdge)
  }

  /// Adds a column to the scope; defining a name twice is an error, as in CloudWatch.
  ///
  /// A system field may be redefined, as in `toMillis(@timestamp) as @timestamp`.
  mutating func define(
    _ column: PlanColumn, as expression: BoundExpression, at span: SourceSpan
  ) -> Bool {
    if scope.isField(column.name, of: relation) {
      warn(
        "system-field-hidden", "'\(column.name)' is from here on what the query computes",
        at: span, help: ["choose another name to keep both"])
      redefine(column)
    } else if scope.defines(column.name) {
      reportDefinedTwice(column.name, at: span)
      return false
    } else {
      scope.define(column)
    }
    count(Spanned(column.name, span))
    countOperations(of: NamedExpression(column: column, expression: expression))
    definitions[column.name] = expression
    return true
  }

  /// Counts a field that the query reads or defines; reports the first one beyond the limit.
  private mutating func count(_ name: Spanned<String>) {
    if usedNames.insert(name.value).inserted, usedNames.count == Self.fieldLimit + 1 {
      report("too-many-fields", "query uses more than \(Self.fieldLimit) fields", at: name.span)
    }
  }

  /// Whether a name is already defined as this expression, so that defining it again has no effect.
  func isDefined(_ name: String, as expression: BoundExpression) -> Bool {
    if case .column(let column) = expression, column.name == name { return scope.defines(name) }
    return scope.defines(name) && definitions[name] == expression
  }

  /// Adds a column to the scope; it replaces one with the same name.
  mutating func redefine(_ column: PlanColumn) {
    scope.redefine(column)
    selection.replace(column)
    // Definitions that used the replaced column are no longer valid.
    definitions = [:]
  }

  /// Adds a name whose definition is erroneous, so that its uses are not reported too.
  mutating func assume(_ name: String) {
    if !scope.defines(name) { scope.define(PlanColumn(name, .any)) }
  }

  /// Records the number of operations of a computed column.
  ///
  /// Of two with the same name, before and after a `stats`, the larger number counts.
  mutating func countOperations(of column: NamedExpression) {
    let name = column.column.name
    operationCounts[name] = max(
      operationCounts[name] ?? 0, operationCount(of: column.expression))
  }

  func operationCount(of expression: BoundExpression) -> Int {
    expression.operationCount { operationCounts[$0.name] ?? 0 }
  }

  mutating func reportDefinedTwice(_ name: String, at span: SourceSpan) {
    report(
      "field-defined-twice", "field '\(name)' is already defined", at: span,
      notes: [
        "CloudWatch says: Ephemeral field is already defined: \(name) ([\(span.lowerBound),\(span.upperBound)])"
      ],
      help: ["choose another name"])
  }

  // MARK: Patterns

  /// Returns the names of a regex's groups, in order of number, `nil` for unnamed ones; reports an
  /// invalid regex.
  mutating func groups(ofRegex pattern: String, at span: SourceSpan) -> [String?]? {
    do {
      return try RegularExpression(pattern: pattern).captureNames
    } catch {
      report(
        "malformed-regex", "regex cannot be read: \(error.message)", at: span,
        notes: [
          error.offset >= pattern.utf8.count
            ? "the fault is at its end"
            : "the fault is at: \(String(decoding: pattern.utf8.dropFirst(error.offset), as: UTF8.self))"
        ])
      return nil
    }
  }

  // MARK: Diagnostics

  mutating func report(
    _ id: String, _ message: String, at span: SourceSpan, notes: [String] = [],
    help: [String] = [], fix: String? = nil
  ) {
    diagnostics.append(
      Diagnostic(.error, id, message, at: span, notes: notes, help: help, fix: fix))
  }

  mutating func warn(
    _ id: String, _ message: String, at span: SourceSpan, notes: [String] = [],
    help: [String] = [], fix: String? = nil
  ) {
    diagnostics.append(
      Diagnostic(.warning, id, message, at: span, notes: notes, help: help, fix: fix))
  }
}

/// Returns a glob that matches only this name.
func escapedGlob(_ name: String) -> String {
  name.unicodeScalars.map { "*?[".unicodeScalars.contains($0) ? "[\($0)]" : String($0) }.joined()
}
