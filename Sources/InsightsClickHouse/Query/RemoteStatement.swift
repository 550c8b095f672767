internal import InsightsModel

/// The statement that returns the rows of a scan on the server: one SELECT per stage, or several,
/// each reading from the previous one.
///
/// ```sql
/// WITH nullIf(fields[{p1:String}], '') AS v1
/// SELECT v1, message FROM events
/// WHERE timestamp_ms >= … AND ifNull(v1 = concat('t', {p2:String}), 0)
/// ORDER BY … LIMIT 20
/// ```
struct RemoteStatement {
  let text: String
  let parameters: [String: String]
  /// How the values of each column are read.
  let readings: [Reading]
  /// Whether the result is small and the server computes all of it before it sends the first row.
  let isWhole: Bool
  /// The statement without its order, and the number of rows up to which it gives the same rows;
  /// `nil` if the order is no work.
  ///
  /// Groups are usually few, and their order is found here anyway.
  let unordered: (text: String, limit: Int)?
  /// How the number of events that met the conditions follows from the rows; `nil` if it does not.
  let matched: Matched?
  /// The number of the column with the number of events in each row, which may be one that is read
  /// anyway; `nil` if each row is an event.
  let countColumn: Int?

  /// How the values of a column are read.
  enum Reading {
    case value(RemoteValue.Kind)
    /// The result of an aggregate from its parts.
    case parts(RemoteValue.Parts.Use)
  }

  struct Matched {
    /// Whether a column has the number of events in each row; otherwise each row is an event.
    let isCounted: Bool
    /// The number of rows from which on there may be more; `nil` if all are returned.
    let limit: Int?
  }

  /// Builds a statement; `columns` are names of fields, or of columns that the request defines.
  ///
  /// - Throws: `Refusal` if a part of the request cannot be computed on the server.
  init(_ request: ScanRequest, of relation: String, columns: [String]) throws(Refusal) {
    guard let relation = RemoteRelation.named(relation) else {
      throw Refusal("'\(relation)' is not on the server")
    }
    let names = RemoteNames()
    var select = try RemoteSelect(request, of: relation, names)
    for stage in request.stages {
      try select.check([])
      select = try RemoteSelect(stage, over: select, names)
    }
    var list: [String] = []
    var readings: [Reading] = []
    for name in columns {
      let (sql, reading) = try select.output(of: name)
      list.append(sql)
      readings.append(reading)
    }
    try select.check(list)
    self.readings = readings
    // A scan without columns returns only the number of rows.
    if list.isEmpty { list = ["1"] }
    matched = Matched(of: request)
    if matched?.isCounted == true {
      let count = try select.output(of: RemoteSelect.countName).sql
      countColumn = list.firstIndex(of: count) ?? list.count
      if countColumn == list.count { list.append(count) }
    } else {
      countColumn = nil
    }
    unordered = select.unorderedLimit.map {
      (select.text(selecting: list, isLast: true, unorderedLimit: $0 + 1), $0)
    }
    text = select.text(selecting: list, isLast: true)
    parameters = names.parameters
    isWhole = select.isWhole
  }
}

extension RemoteStatement.Matched {
  fileprivate init?(of request: ScanRequest) {
    switch request.output {
    case .groups(_, _, let leastRowCount):
      guard leastRowCount <= 1, request.stages.count <= 1 else { return nil }
      guard let stage = request.stages.first else {
        self.init(isCounted: true, limit: nil)
        return
      }
      guard stage.conditions.isEmpty, stage.firsts == nil, case .rows(_, let limit) = stage.output
      else { return nil }
      self.init(isCounted: true, limit: limit)
    case .rows(_, let limit):
      // Without a limit, further conditions may be tested here.
      guard let limit, request.stages.isEmpty else { return nil }
      self.init(isCounted: false, limit: limit)
    }
  }
}

/// One SELECT of a statement.
private final class RemoteSelect {
  /// The name of the number of rows in a group; no column has it.
  static let countName = "\u{0}count"
  /// The least limit for which it is tried whether there are fewer groups.
  private static let leastUnorderedLimit = 1000

  private let names: RemoteNames
  private let expressions: RemoteExpressions
  /// The SELECT that it reads from; `nil` for a table.
  private let inner: RemoteSelect?
  private let from: () -> String
  /// The columns of `from`.
  private let sourceColumns: () -> [String]
  private var conditions: [String] = []
  /// The QUALIFY clause, which selects rows by comparing them with others.
  private var qualification = ""
  private var ending = ""
  /// SQL for the input order; the rows of the last SELECT have it if there is no other order.
  private let inputOrder: String?
  private var computed: [String: ScanExpression] = [:]
  /// The results of a grouping by name; `nil` if the SELECT returns rows.
  private var results: [String: RemoteValue]?
  /// The columns for the enclosing SELECT.
  private var outputs: [(name: String, sql: String)] = []
  private var columns: [String: RemoteValue] = [:]
  private(set) var isWhole = false
  private var isOrdered = false
  /// The limit of groups whose order is work; otherwise `nil`.
  private(set) var unorderedLimit: Int?

  /// Makes the SELECT of a request without its stages.
  init(
    _ request: ScanRequest, of relation: RemoteRelation, _ names: RemoteNames
  ) throws(Refusal) {
    self.names = names
    inner = nil
    from = { relation.name }
    sourceColumns = { relation.columns }
    inputOrder = relation.position
    expressions = RemoteExpressions(names, position: relation.position) {
      name, expressions throws(Refusal) in try relation.value(ofField: name, expressions)
    }
    try addRange(of: request, relation)
    try add(
      ScanRequest.Stage(
        conditions: request.conditions, computed: request.computed, output: request.output))
  }

  /// Makes the SELECT of a stage.
  init(
    _ stage: ScanRequest.Stage, over inner: RemoteSelect, _ names: RemoteNames
  ) throws(Refusal) {
    self.names = names
    self.inner = inner
    from = {
      let columns = inner.outputs.map { "\($0.sql) AS \($0.name)" }
      return Self.nested(inner.text(selecting: columns, isLast: false))
    }
    sourceColumns = { inner.outputs.map(\.name) }
    inputOrder = nil
    expressions = RemoteExpressions(names, position: nil) { name, _ throws(Refusal) in
      try inner.column(name)
    }
    try add(stage)
    if inner.results != nil, stage.firsts == nil, case .rows(let order, let limit?) = stage.output,
      order.contains(where: \.isNatural), limit >= Self.leastUnorderedLimit
    {
      unorderedLimit = limit
      isWhole = true
    }
  }

  // MARK: Values

  /// Returns the value of a column of the rows that this SELECT returns.
  func value(of name: String) throws(Refusal) -> RemoteValue {
    // A name without a result is that of a column below the groups, which is not needed.
    if let results { return results[name] ?? RemoteValue("CAST(NULL, 'Nullable(String)')", .text) }
    return try expressions.value(of: computed[name] ?? .field(name))
  }

  /// Returns a column of the rows that this SELECT returns, and how its values are read.
  func output(of name: String) throws(Refusal) -> (sql: String, RemoteStatement.Reading) {
    if let parts = results?[name]?.parts { return (parts.sql, .parts(parts.use)) }
    if let inner, results == nil, case .field(let name) = computed[name] ?? .field(name),
      let parts = inner.results?[name]?.parts, inner.columns[name] == nil
    {
      return (try inner.column(of: parts.sql), .parts(parts.use))
    }
    let value = try value(of: name)
    return (value.sql, .value(value.kind))
  }

  /// Returns the column with that value in the enclosing SELECT.
  private func column(_ name: String) throws(Refusal) -> RemoteValue {
    if let column = columns[name] { return column }
    let value = try value(of: name)
    let column = RemoteValue(try self.column(of: value.sql), value.kind)
    columns[name] = column
    return column
  }

  /// Adds a column for the enclosing SELECT; returns its name.
  private func column(of sql: String) throws(Refusal) -> String {
    let name = try names.next(for: sql)
    names.endPart(name)
    outputs.append((name, sql))
    return name
  }

  /// Checks that the statement with these columns does not exceed the maximum size.
  func check(_ columns: [String]) throws(Refusal) {
    try expressions.check(
      columns + conditions + [qualification, ending] + (results?.values.map(\.sql) ?? []))
  }

  // MARK: Parts

  private func addRange(
    of request: ScanRequest, _ relation: RemoteRelation
  ) throws(Refusal) {
    if let start = request.timeRange.start {
      conditions.append("\(relation.time) >= toInt64('\(start)')")
    }
    if let end = request.timeRange.end {
      conditions.append("\(relation.time) < toInt64('\(end)')")
      // A missing time is represented by a value before all others.
      if request.timeRange.start == nil, let missing = relation.missingTime {
        conditions.append("\(relation.time) != toInt64('\(missing)')")
      }
    }
    guard !request.logGroups.isEmpty else { return }
    let globs = try request.logGroups.map { glob throws(Refusal) in
      glob.contains(where: { "*?[".contains($0) })
        ? "match(log_group, \(expressions.parameter(try RemotePattern.glob(glob))))"
        : "log_group = \(expressions.parameter(glob))"
    }
    conditions.append("log_group != '' AND (\(globs.joined(separator: " OR ")))")
  }

  private func add(_ stage: ScanRequest.Stage) throws(Refusal) {
    for condition in stage.conditions {
      conditions.append(try expressions.selection(condition))
    }
    // All computed columns must be possible, whether they are selected or not.
    for column in stage.computed {
      _ = try expressions.value(of: column.expression)
      computed[column.name] = column.expression
    }
    if let firsts = stage.firsts { try add(firsts) }
    switch stage.output {
    case .rows(let order, let limit):
      var keys = try order.map { key throws(Refusal) in try expressions.order(key) }
      if keys.isEmpty, limit != nil, let inputOrder { keys = [inputOrder] }
      isOrdered = !keys.isEmpty
      if isOrdered { ending = "\nORDER BY " + keys.joined(separator: ", ") }
      if let limit {
        ending += "\nLIMIT \(limit)"
        isWhole = limit <= 1000
      }
    case .groups(let keys, let aggregates, let leastRowCount):
      try group(by: keys, aggregates)
      // Without rows there is no group, not even without keys.
      if keys.isEmpty || leastRowCount > 1 {
        ending += "\nHAVING count() >= \(max(leastRowCount, 1))"
      }
      isWhole = true
    }
  }

  private func add(_ firsts: ScanRequest.Stage.Firsts) throws(Refusal) {
    var keys: [String] = []
    var tests: [String] = []
    for key in firsts.keys {
      let value = try expressions.value(of: key)
      keys.append(try expressions.key(value))
      tests.append("\(value.sql) IS NULL")
    }
    let order = try firsts.order.map { key throws(Refusal) in try expressions.order(key) }
    let window =
      "row_number() OVER (PARTITION BY \(keys.joined(separator: ", ")) ORDER BY \(order.joined(separator: ", ")))"
    qualification = "\nQUALIFY " + (["\(window) = 1"] + tests).joined(separator: " OR ")
  }

  private func group(
    by keys: [ScanRequest.Column], _ aggregates: [ScanRequest.Aggregate]
  ) throws(Refusal) {
    var results: [String: RemoteValue] = [:]
    var groups: [String] = []
    for key in keys {
      let value = try expressions.value(of: key.expression)
      if let stored = try expressions.storedKey(value) {
        groups.append(stored.column)
        results[key.name] = RemoteValue("nullIf(\(stored.column), \(stored.missing))", value.kind)
        continue
      }
      let group = try expressions.named(expressions.key(value))
      groups.append(group)
      // A number in a group is represented by its group key.
      results[key.name] = RemoteValue(group, value.kind == .numeral ? .tagged : value.kind)
    }
    for aggregate in aggregates {
      let argument = try aggregate.argument.map { argument throws(Refusal) in
        try expressions.value(of: argument)
      }
      guard case .aggregate(let spell) = ClickHouseDialect.spelling(of: aggregate.function)
      else { throw Refusal("'\(aggregate.function.rawValue)' is no aggregate there") }
      results[aggregate.name] = try spell(expressions, argument, aggregate)
    }
    results[Self.countName] = ClickHouseDialect.rowCount
    self.results = results
    if !groups.isEmpty { ending = "\nGROUP BY " + groups.joined(separator: ", ") }
  }

  // MARK: Text

  /// Returns the SELECT; with `unorderedLimit`, up to that many of its rows in any order.
  ///
  /// `enclosing` is the end of the enclosing SELECT, if this one takes its place.
  func text(
    selecting list: [String], isLast: Bool, unorderedLimit: Int? = nil, enclosing: String = ""
  ) -> String {
    var ending = unorderedLimit.map { "\nLIMIT \($0)" } ?? ending
    if isLast, !isOrdered, results == nil { ending += inputOrder.map { "\nORDER BY \($0)" } ?? "" }
    if let inner, let columns = inner.columns(replacing: list, of: self, ending) {
      return inner.text(selecting: columns, isLast: false, enclosing: ending)
    }
    ending += enclosing
    let last = list + [qualification, ending]
    let conditions = conditions.map { (sql: $0, level: names.level(of: $0)) }
    let definitions = neededDefinitions(of: last + conditions.map(\.sql))
    let top = max(last.map(names.level(of:)).max() ?? 0, conditions.map(\.level).max() ?? 0)

    var source = from()
    for level in 0...top {
      let named = definitions.filter { $0.level == level }.map { "\($0.sql) AS \($0.name)" }
      let tests = conditions.filter { $0.level == level }.map(\.sql)
      var selected = list
      if level < top {
        let above =
          last + definitions.filter { $0.level > level }.map(\.sql)
          + conditions.filter { $0.level > level }.map(\.sql)
        let words = RemoteNames.words(of: above)
        selected =
          sourceColumns().filter(words.contains)
          + definitions.filter { $0.level <= level && words.contains($0.name) }.map(\.name)
      }
      let text =
        (named.isEmpty ? "" : "WITH \(named.joined(separator: ",\n  "))\n")
        + "SELECT \(selected.isEmpty ? "1" : selected.joined(separator: ", "))\nFROM \(source)"
        + (tests.isEmpty ? "" : "\nWHERE \(tests.joined(separator: "\n  AND "))")
      if level == top { return text + qualification + ending }
      source = Self.nested(text)
    }
    return source
  }

  /// Returns the columns for `list` of an enclosing SELECT that only orders and limits these groups,
  /// so that one SELECT does for both; otherwise `nil`.
  private func columns(
    replacing list: [String], of enclosing: RemoteSelect, _ ending: String
  ) -> [String]? {
    guard results != nil, enclosing.results == nil, enclosing.conditions.isEmpty,
      enclosing.qualification.isEmpty, enclosing.neededDefinitions(of: list + [ending]).isEmpty
    else { return nil }
    let sql = Dictionary(uniqueKeysWithValues: outputs.map { ($0.name, $0.sql) })
    let unlisted = Set(sql.keys).subtracting(list)
    let columns = list.compactMap { name in sql[name].map { "\($0) AS \(name)" } }
    guard columns.count == list.count, Set(list).count == list.count,
      unlisted.isDisjoint(with: RemoteNames.words(of: [ending]))
    else { return nil }
    return columns
  }

  /// Returns the named parts that SQL refers to, also by way of other parts, each with its level.
  private func neededDefinitions(of sql: [String]) -> [(name: String, sql: String, level: Int)] {
    var words = RemoteNames.words(of: sql)
    var needed: [(name: String, sql: String, level: Int)] = []
    for (name, sql) in expressions.definitions.reversed() where words.contains(name) {
      words.formUnion(RemoteNames.words(of: [sql]))
      needed.append((name, sql, names.level(ofName: name)))
    }
    return needed.reversed()
  }

  private static func nested(_ select: String) -> String {
    "(\n  " + select.split(separator: "\n").joined(separator: "\n  ") + "\n)"
  }
}
