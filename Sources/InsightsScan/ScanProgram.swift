internal import InsightsModel

/// A scan request prepared for one thread, with the columns of its rows.
final class ScanProgram {
  enum Output {
    /// With `firstOf`, only the first of the rows with equal values, and those in which one is
    /// missing.
    case rows(order: [OrderNode], limit: Int?, firstOf: [ScanNode])
    /// Groups of fewer rows than `leastRowCount` may be omitted.
    case groups(
      keys: [ScanNode], arguments: [ScanNode?], aggregates: [ScanRequest.Aggregate],
      leastRowCount: Int)
  }

  struct OrderNode {
    var node: ScanNode
    var isDescending: Bool
    var isNatural: Bool
  }

  /// Groups that only count rows, or sum the sizes of their messages.
  enum Counting {
    case all
    /// By the time rounded down to a multiple of `period` milliseconds; counts alone.
    case byTime(period: Int64)
    /// By a value that is the same for all events of a log stream.
    case byStream(FieldSource)
    /// By `@type`; only counts.
    case byType
  }

  let timeRange: TimeRange
  /// Cheap ones first.
  let conditions: [ScanNode]
  let output: Output
  /// The expressions of the rows' columns; empty for groups.
  let columns: [ScanNode]
  /// For groups, which of the keys and aggregates each column is.
  let groupColumns: [Int]
  /// How rows are counted if nothing else is needed, and the conditions, if any, are about log
  /// streams alone; otherwise `nil`, as events must be read.
  let counting: Counting?
  /// Whether only the total number of rows that meet the conditions is needed.
  let onlyCounts: Bool
  private let arena = TextArena()

  /// `names` are of fields, or of columns that the request defines; `fieldIDs` are `fields.id` by
  /// name.
  init(
    _ request: ScanRequest, columns names: [String], fieldIDs: [[UInt8]: Int64]
  ) throws(StoreError) {
    let arena = self.arena
    func node(_ expression: ScanExpression) throws(StoreError) -> ScanNode {
      try ScanNode(expression, fieldIDs: fieldIDs, arena: arena)
    }
    timeRange = request.timeRange
    var expressions = request.conditions
    if !request.logGroups.isEmpty { expressions.insert(Self.logGroupCondition(of: request), at: 0) }
    var conditions: [ScanNode] = []
    for expression in expressions { conditions.append(try node(expression)) }
    let order = ScanNode.MessageUse.allCases.flatMap { use in
      conditions.indices.filter { conditions[$0].messageUse == use }
    }
    self.conditions = order.map { conditions[$0] }

    switch request.output {
    case .rows(var order, let limit):
      if limit != nil, order.isEmpty {
        order = [
          ScanRequest.OrderKey(
            expression: .field("@position"), isDescending: false, isNatural: false)
        ]
      }
      var keys: [OrderNode] = []
      for key in order {
        keys.append(
          OrderNode(
            node: try node(key.expression), isDescending: key.isDescending,
            isNatural: key.isNatural))
      }
      var values: [ScanNode] = []
      for value in request.firsts?.keys ?? [] { values.append(try node(value)) }
      output = .rows(order: keys, limit: limit, firstOf: values)
      var columns: [ScanNode] = []
      for name in names {
        let computed = request.computed.first { $0.name == name }
        columns.append(try node(computed?.expression ?? .field(name)))
      }
      self.columns = columns
      groupColumns = []
      counting = nil
      onlyCounts = false
    case .groups(let keys, let aggregates, let leastRowCount):
      var keyNodes: [ScanNode] = []
      for key in keys { keyNodes.append(try node(key.expression)) }
      var arguments: [ScanNode?] = []
      for aggregate in aggregates {
        guard AggregateColumn.kinds[aggregate.function] != nil else {
          throw .sqlite(
            code: 1, message: "scan has no aggregate \(aggregate.function.rawValue)", sql: "")
        }
        if let argument = aggregate.argument {
          arguments.append(try node(argument))
        } else {
          arguments.append(nil)
        }
      }
      output = .groups(
        keys: keyNodes, arguments: arguments, aggregates: aggregates,
        leastRowCount: leastRowCount)
      columns = []
      counting =
        conditions.allSatisfy { $0.readsStreams && $0.readsNothingElse }
        ? Self.counting(by: keyNodes, aggregates, arguments) : nil
      onlyCounts = keys.isEmpty && aggregates.allSatisfy { $0.function == .rowCount }
      let defined = keys.map(\.name) + aggregates.map(\.name)
      groupColumns = names.map { defined.firstIndex(of: $0) ?? 0 }
    }
  }

  private static func counting(
    by keys: [ScanNode], _ aggregates: [ScanRequest.Aggregate], _ arguments: [ScanNode?]
  ) -> Counting? {
    var sumsSizes = false
    for (aggregate, argument) in zip(aggregates, arguments) where aggregate.function != .rowCount {
      guard aggregate.function == .sum, argument?.isMessageSize ?? false else { return nil }
      sumsSizes = true
    }
    guard let key = keys.first else { return .all }
    guard keys.count == 1 else { return nil }
    if let field = key.field, field.isOfStream { return .byStream(field) }
    if sumsSizes { return nil }
    return key.field == .system(.type) ? .byType : key.timePeriod.map { .byTime(period: $0) }
  }

  private static func logGroupCondition(of request: ScanRequest) -> ScanExpression {
    let globs = request.logGroups.map { glob in
      ScanExpression.call(.matchesGlob, [.field("@logGroup"), .literal(.text(glob))])
    }
    return globs.dropFirst().reduce(globs[0]) { .call(.or, [$0, $1]) }
  }
}

extension ScanNode {
  /// Whether it is the size of the message in bytes.
  fileprivate var isMessageSize: Bool {
    guard case .call(.byteCount) = kind else { return false }
    return arguments[0].field == .system(.message)
  }

  /// Whether evaluation needs the text of messages; cheap ones first.
  enum MessageUse: Int, CaseIterable {
    case never
    /// Only if other values are missing.
    case sometimes
    case always
  }

  var messageUse: MessageUse {
    if field == .system(.message) { return .always }
    if case .call(.coalesce) = kind, let first = arguments.first, first.messageUse == .never {
      return arguments.contains { $0.messageUse != .never } ? .sometimes : .never
    }
    return arguments.map(\.messageUse).max { $0.rawValue < $1.rawValue } ?? .never
  }
}
