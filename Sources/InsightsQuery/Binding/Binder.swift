public import InsightsModel
internal import InsightsText

/// Resolves names and types and turns commands into a plan.
///
/// Reads no files, no clock and no database: what it needs of the world is in `Options`.
public struct Binder {
  /// What a query depends on beside its text.
  public struct Options: Sendable {
    /// Events outside are not read.
    public var timeRange: TimeRange
    /// Globs over log group names; empty for all.
    public var logGroups: [String]
    /// The time that `now()` gives, epoch milliseconds.
    public var now: Int64
    /// Most rows to return, whatever `limit` the query has; `nil`: as many as its `limit` says, else
    /// `Binder.defaultRowLimit`.
    public var rowLimit: Int?
    /// Whether rows have what replies of the API have without being asked: single events end with
    /// their `@ptr`, patterns with their details.
    public var showsDetails: Bool
    /// The columns of the tables that `lookup` may name.
    ///
    /// Those of a table that the query does not use may be left out. `nil`: nothing is known of
    /// tables, and any will do.
    public var lookupTables: [String: [String]]?
    /// Whether a table that `lookupTables` does not have is only worth a warning: queries are checked
    /// where their tables are not.
    public var allowsUnknownLookupTables = false
    /// Whether a text names a time zone; which there are is for the system to say.
    public var isTimeZone: @Sendable (String) -> Bool = { _ in true }

    /// Options that read everything, at the epoch.
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

  /// Rows of a query that has no `limit`.
  public static let defaultRowLimit = 10_000

  /// Most fields that one query may read and define.
  static let fieldLimit = 1000

  let options: Options
  let catalog: (any Catalog)?
  let source: SourceText
  private(set) var diagnostics: [Diagnostic] = []

  /// The time range of the query: that of the options, cut by what `SOURCE` says.
  private(set) var timeRange: TimeRange
  var plan: Plan
  var scope: Scope
  var selection: Selection
  private(set) var hasAggregated = false
  var relation: Relation = .events
  /// The keys of the last `stats`, with what they are computed from.
  var groupKeys: [NamedExpression] = []
  private(set) var isSorted = false
  /// What the last `limit` says.
  private var limit: Int?
  /// The last `pattern`, and the plan that ends with it.
  private var clustering: (clustering: Clustering, plan: Plan)?
  /// The aliases of the command being bound.
  private var siblings: Set<String> = []
  /// How much later the periods of `bin` start, milliseconds, while the keys of a `stats` are bound.
  var binOffset: Int64 = 0
  private var usedNames: Set<String> = []
  /// What the names that the query has defined, and that are in the scope, stand for.
  private var definitions: [String: BoundExpression] = [:]
  /// Operations of the fields that the query has computed so far.
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

  /// The plan of a query, and what there is to say about it; the plan is sound when no diagnostic is an error.
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

  /// Binds a query inside this one; `nil` after reporting what is wrong with it.
  ///
  /// It sees nothing of the query around it. `body` takes of it what is wanted.
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

  /// Reads a relation: of it the log groups that match one of the globs, and of the query's time
  /// range what is also in another one.
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

  /// Binds projections one after the other, so that one may use those before it; gives their columns.
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
      // The same expression again, without an alias, is the column that is there.
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
      // Text cut out of a message is shown as it stands there.
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

  /// Goes on with the results of `stats`, and only these.
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
    // Groups are all there, and in an order, before the first is given.
    if !inAnyOrder || hasAggregated { sortUnlessSorted() }
    plan = .limit(plan, count)
    limit = count
  }

  mutating func deduplicate(by columns: [PlanColumn]) {
    sortUnlessSorted()
    plan = .deduplicate(plan, columns)
  }

  /// Goes on with the patterns of a text.
  mutating func cluster(_ clustering: Clustering) {
    plan = clustering.plan
    replaceScope(with: clustering.columns)
    selection.restart(
      with: options.showsDetails ? clustering.columns : clustering.shownColumns)
    sort(by: clustering.order)
    self.clustering = (clustering, plan)
  }

  /// What the patterns here are made of; `nil` where the rows are no patterns, or not all of them.
  var currentClustering: Clustering? {
    guard let clustering, clustering.plan == plan else { return nil }
    return clustering.clustering
  }

  /// Puts the rows of a query that names no order into the one that people expect: newest first.
  ///
  /// Groups come by their keys, ascending; those of periods newest first, as in CloudWatch.
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

  /// The value that a name stands for here; reports when there is none.
  ///
  /// `isList`: the command reads lists out of messages too, where only their elements are fields.
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

  /// The column that a name stands for here; reports when there is none.
  ///
  /// A part of a map or a list becomes a column of its own. `isOperand`: the name stands behind an
  /// operator, where it is often text without its quotes. `isList`: as in `resolve`.
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
        ])
      return nil
    }
    if !isList || !hasParts(name.value) { warnIfNowhere(name, isOperand: isOperand) }
    warnIfUnqualified(name)
    return column
  }

  /// As `lookUp`, for a command that works only on single values.
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
    guard expression.type == .structure else { return true }
    report(
      "misplaced-structure", "'\(command)' takes no map and no list", at: span,
      help: ["name a part of it, such as \(source[span]).name or \(source[span])[0]"])
    return false
  }

  /// Reading a field that no event has is legal and gives nothing: worth a word, since it is mostly a slip.
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
    diagnostics.append(
      Diagnostic(
        .warning, "absent-field", "no event has a field '\(field)'", at: name.span,
        notes: notes,
        help: similar.isEmpty
          ? isOperand ? ["text stands in quotes: \(quoted(name.value))"] : []
          : ["a field with a similar name exists: \(similar)"]))
  }

  /// Behind a join, a field that says no side is taken from the left one.
  private mutating func warnIfUnqualified(_ name: Spanned<String>) {
    guard let alias = scope.impliedAlias(of: name.value), !name.value.hasPrefix("@"),
      !diagnostics.contains(where: {
        $0.id == "unqualified-field" && $0.message.hasPrefix("'\(name.value)'")
      })
    else { return }
    warn(
      "unqualified-field", "'\(name.value)' is taken from '\(alias)', the left side of the 'join'",
      at: name.span, help: ["write: \(alias).\(name.value)"])
  }

  /// Whether events have an object or a list of this name.
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
    // Fields of lines without keys are found as they are read; no catalog lists them.
    if DelimitedFields.names.contains(name) { return true }
    // System fields of CloudWatch that local logs do not carry.
    return name.hasPrefix("@entity.") || name.hasPrefix("@aws.") || name.hasPrefix("@data_")
      || name == "@source.log"
  }

  /// A column for an expression: a plain field keeps what is known of it under a new name.
  func column(named name: String, for expression: BoundExpression) -> PlanColumn {
    if case .column(let column) = expression {
      return PlanColumn(
        name, column.type, isComputed: column.isComputed, isPeriodEdge: column.isPeriodEdge)
    }
    // A part of a map is shown as it stands there.
    return PlanColumn(
      name, expression.type, isComputed: expression.type != .element,
      isPeriodEdge: expression.isPeriodEdge)
  }

  /// Adds a column to the scope; defining a name twice is an error, as in CloudWatch.
  ///
  /// A system field may be computed anew, as in `toMillis(@timestamp) as @timestamp`.
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

  /// Counts a field that the query reads or defines; reports the first that is too many.
  private mutating func count(_ name: Spanned<String>) {
    if usedNames.insert(name.value).inserted, usedNames.count == Self.fieldLimit + 1 {
      report("too-many-fields", "query uses more than \(Self.fieldLimit) fields", at: name.span)
    }
  }

  /// Whether a name stands for just this expression already; to define it again changes nothing.
  func isDefined(_ name: String, as expression: BoundExpression) -> Bool {
    if case .column(let column) = expression, column.name == name { return scope.defines(name) }
    return scope.defines(name) && definitions[name] == expression
  }

  /// Makes a column known in place of one of the same name.
  mutating func redefine(_ column: PlanColumn) {
    scope.redefine(column)
    selection.replace(column)
    // What was computed from the other column is no longer what its text says.
    definitions = [:]
  }

  /// Takes a name for defined although its definition is wrong: that has been reported, and what uses
  /// the name is not to blame.
  mutating func assume(_ name: String) {
    if !scope.defines(name) { scope.define(PlanColumn(name, .any)) }
  }

  /// Remembers how much a computed column takes.
  ///
  /// Of two of the same name, before and after a `stats`, the larger counts.
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

  /// The groups of a regex, by number from 1, with the names of those that have one; reports a regex
  /// that cannot be compiled.
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
    _ id: String, _ message: String, at span: SourceSpan, notes: [String] = [], help: [String] = []
  ) {
    diagnostics.append(Diagnostic(.error, id, message, at: span, notes: notes, help: help))
  }

  mutating func warn(
    _ id: String, _ message: String, at span: SourceSpan, notes: [String] = [], help: [String] = []
  ) {
    diagnostics.append(Diagnostic(.warning, id, message, at: span, notes: notes, help: help))
  }
}

/// A name as a glob that matches only it.
func escapedGlob(_ name: String) -> String {
  name.unicodeScalars.map { "*?[".unicodeScalars.contains($0) ? "[\($0)]" : String($0) }.joined()
}
