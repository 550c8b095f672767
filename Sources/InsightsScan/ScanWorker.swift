internal import InsightsSegments
internal import InsightsSQLite
internal import InsightsModel
internal import InsightsText

/// The state of a scan on one thread: its own resources, program and partial results.
final class ScanWorker {
  let program: ScanProgram
  let resources: ScanResources
  private let optimizations: ScanOptimizations
  private let budget: QueryBudget
  /// The size of the partial results in bytes, as counted against the budget.
  private(set) var heldByteCount = 0
  private let streams: StreamPruning?
  private let indexes: FieldIndexes?
  /// The outcomes of the segments that this worker has processed, by their number in the list; it
  /// may end before the last segment.
  private(set) var outcomes: [ScanStatistics.Outcome?] = []
  private var evaluator: ScanEvaluator?
  /// The streams of the last segment that was counted by them, and the value that they share, with
  /// its memory.
  private var lastStreams: (ids: [Int64], value: Cell?, arena: TextArena)?
  /// The number of events of the current segment that meet the conditions.
  private var matchedCount = 0
  /// The number of events of all segments that meet the conditions.
  private(set) var matchedRowCount = 0
  private(set) var groups: GroupTable?
  private(set) var top: TopRows?
  /// The keys that have enough rows for a group; `nil` if all groups are wanted.
  var frequentKeys: KeyCounts?

  init(
    _ request: ScanRequest, columns: [String], optimizations: ScanOptimizations,
    budget: QueryBudget, resources: ScanResources
  ) throws(StoreError) {
    self.budget = budget
    self.optimizations = optimizations
    self.resources = resources
    program = try ScanProgram(request, columns: columns, fieldIDs: resources.fieldIDs)
    streams =
      optimizations.contains(.bounds)
      ? StreamPruning(for: program.conditions, names: resources.streamNames) : nil
    indexes =
      optimizations.contains(.fieldIndexes)
      ? try FieldIndexes(
        for: program.conditions, fieldIDs: resources.fieldIDs, connection: resources.connection)
      : nil
    switch program.output {
    case .groups(let keys, _, let aggregates, _):
      groups = GroupTable(keyCount: keys.count, aggregates: aggregates)
    case .rows(let order, let limit?, let values):
      top = TopRows(
        isDescending: order.map(\.isDescending), limit: limit, valueCount: values.count)
    case .rows: break
    }
  }

  private func record(_ outcome: ScanStatistics.Outcome, of segment: ListedSegment) {
    while outcomes.count <= segment.number { outcomes.append(nil) }
    outcomes[segment.number] = outcome
  }

  /// Whether the segment must be read, according to its directory and the indexes.
  func isNeeded(
    _ segment: ListedSegment, _ directory: SegmentDirectory
  ) throws(StoreError) -> Bool {
    guard let outcome = try outcome(of: directory) else { return true }
    record(outcome, of: segment)
    if outcome == .index {
      budget.context.progress.addSkipped(
        events: directory.eventCount, bytes: directory.textByteCount)
    } else {
      addProgress(directory, matched: 0)
    }
    return false
  }

  private func outcome(
    of directory: SegmentDirectory
  ) throws(StoreError) -> ScanStatistics.Outcome? {
    if optimizations.contains(.bounds) {
      if let streams, try !streams.mayMatch(directory) { return .streams }
      if !program.conditions.allSatisfy({ directory.mayMatch($0) }) { return .bounds }
    }
    if let indexes, try !indexes.mayMatch(directory) { return .index }
    return nil
  }

  /// Adds a completed segment to the progress.
  private func addProgress(_ directory: SegmentDirectory, matched count: Int) {
    matchedRowCount += count
    budget.context.progress.addScanned(
      events: directory.eventCount, bytes: directory.textByteCount, matched: count)
  }

  /// The fields whose indexes are used.
  var indexedFields: [String] { indexes?.fields ?? [] }

  /// The decompressed size in bytes of the columns that this worker has read.
  var bytesRead: Int { resources.bytesRead }

  // MARK: Partial results

  /// Adds the rows of a segment to the groups or the first rows.
  ///
  /// `shared` is the segment if other scans read it, too.
  func add(
    _ listed: ListedSegment, number: Int, shared: ScanSegment? = nil
  ) throws(ScanFailure) {
    guard let directory = listed.directory else { return }
    matchedCount = 0
    switch program.output {
    case .groups(let keys, let arguments, _, _):
      try addGroups(of: listed, directory, shared, keys, arguments)
    case .rows(let order, _, let values):
      try addTopRows(of: listed, directory, shared, number: number, order, values)
    }
    addProgress(directory, matched: matchedCount)
    try checkMemory()
  }

  /// Updates the budget with the size of the partial results.
  ///
  /// - Throws: `ScanFailure` if the memory limit is exceeded.
  func checkMemory() throws(ScanFailure) {
    let byteCount = (groups?.byteCount ?? 0) + (top?.byteCount ?? 0)
    let difference = byteCount - heldByteCount
    heldByteCount = byteCount
    if difference == 0 { return }
    do throws(StoreError) { try budget.memory.change(by: difference) } catch { throw .store(error) }
  }

  /// Discards the partial results.
  func dropPartialResults() {
    groups = nil
    top = nil
    budget.memory.release(heldByteCount)
    heldByteCount = 0
  }

  /// Adds the partial results of another worker, and removes them there.
  func merge(_ other: ScanWorker) throws(ScanFailure) {
    if let groups = other.groups {
      try self.groups?.merge(groups, budget.context.cancellation)
    }
    if let top = other.top { self.top?.merge(top) }
    other.groups = nil
    other.top = nil
    try other.checkMemory()
    try checkMemory()
  }

  /// Counts the rows of a segment from its directory; returns false if that does not suffice.
  func count(
    _ segment: ListedSegment, _ directory: SegmentDirectory
  ) throws(StoreError) -> Bool {
    guard optimizations.contains(.summaries), let counting = program.counting,
      directory.isInside(program.timeRange)
    else { return false }
    if !program.conditions.isEmpty {
      guard let streams, try streams.matchesAll(directory) else { return false }
    }
    switch counting {
    case .all:
      groups?.add(
        rowCount: directory.eventCount, messageByteCount: directory.textByteCount, key: nil)
    case .byTime(let period):
      guard let counts = directory.counts(by: period) else { return false }
      for (time, count) in counts {
        groups?.add(rowCount: count, messageByteCount: 0, key: time)
      }
    case .byStream(let field):
      guard let ids = directory.streamIDs, !ids.isEmpty else { return false }
      guard let value = try commonValue(of: field, inStreams: ids) else { return false }
      groups?.add(
        rowCount: directory.eventCount, messageByteCount: directory.textByteCount, key: value)
    case .byType:
      for (name, count) in zip(ScanSegment.typeNames, directory.typeCounts) {
        groups?.add(rowCount: count, messageByteCount: 0, key: name)
      }
      let others = directory.eventCount - directory.typeCounts.reduce(0, +)
      groups?.add(rowCount: others, messageByteCount: 0, key: Cell.null)
    }
    record(.summary, of: segment)
    addProgress(directory, matched: directory.eventCount)
    return true
  }

  /// Returns the value that streams have in common; `nil` if they differ.
  private func commonValue(
    of field: FieldSource, inStreams ids: [Int64]
  ) throws(StoreError) -> Cell? {
    // Consecutive segments often have the same streams.
    if let lastStreams, lastStreams.ids == ids { return lastStreams.value }
    let arena = TextArena()
    let values = try resources.streamNames.cells(field, ofStreams: ids, in: arena)
    let value = values.allSatisfy { Cell.isSame($0, values[0]) } ? values[0] : nil
    lastStreams = (ids, value, arena)
    return value
  }

  private func addGroups(
    of listed: ListedSegment, _ directory: SegmentDirectory, _ shared: ScanSegment?,
    _ keys: [ScanNode], _ arguments: [ScanNode?]
  ) throws(ScanFailure) {
    let evaluator = evaluator(for: shared ?? segment(of: directory))
    if shared == nil, let count = try count(listed, directory, evaluator) {
      groups?.add(rowCount: count, messageByteCount: 0, key: nil)
      return
    }
    var selection = try self.selection(of: listed, directory, evaluator)
    if selection.isEmpty { return }
    let ids = keys.isEmpty ? try addRequestIDs(selection, arguments, evaluator) : []
    var keyVectors = try vectors(of: keys, for: selection, evaluator)
    if let frequentKeys {
      let hashes = KeyCounts.hashes(of: keyVectors, count: selection.count)
      let kept = selection.filtered { frequentKeys.isFrequent(hashes[$0]) }
      if kept.isEmpty { return }
      if kept.count < selection.count {
        selection = kept
        keyVectors = try vectors(of: keys, for: selection, evaluator)
      }
    }
    var values: [CellVector] = []
    for (index, argument) in arguments.enumerated() {
      guard let argument, !ids.contains(index), !(groups?.sharesValues(index) ?? false) else {
        values.append(.constant(.null))
        continue
      }
      let earlier = arguments[..<index].indices.first {
        argument.field != nil && arguments[$0]?.field == argument.field && !ids.contains($0)
      }
      if let earlier {
        values.append(values[earlier])
      } else {
        let needsNumbers = groups?.needsNumbers(index) ?? false
        values.append(
          try needsNumbers
            ? evaluator.numbers(argument, for: selection)
            : evaluator.vector(argument, for: selection))
      }
    }
    groups?.add(
      keys: keyVectors, values: values, count: selection.count,
      place: Int64(directory.firstPosition))
  }

  /// Counts the matching rows of a segment without selecting them, if only their number is needed.
  private func count(
    _ listed: ListedSegment, _ directory: SegmentDirectory, _ evaluator: ScanEvaluator
  ) throws(ScanFailure) -> Int? {
    guard program.onlyCounts, program.conditions.count == 1,
      directory.isInside(program.timeRange),
      let count = try evaluator.count(matching: program.conditions[0])
    else { return nil }
    record(count == 0 && !evaluator.segment.hasReadMessages ? .text : .read, of: listed)
    matchedCount = count
    return count
  }

  private func vectors(
    of nodes: [ScanNode], for selection: Selection, _ evaluator: ScanEvaluator
  ) throws(ScanFailure) -> [CellVector] {
    var vectors: [CellVector] = []
    for node in nodes { vectors.append(try evaluator.vector(node, for: selection)) }
    return vectors
  }

  /// Counts the rows of a segment by their keys, for groups that need several rows.
  ///
  /// - Returns: the hash of the key of each row.
  func countKeys(
    of listed: ListedSegment, in counts: KeyCounts
  ) throws(ScanFailure) -> [UInt64] {
    guard case .groups(let keys, _, _, _) = program.output, let directory = listed.directory else {
      return []
    }
    let evaluator = evaluator(for: directory)
    let selection = try self.selection(of: listed, directory, evaluator)
    if selection.isEmpty { return [] }
    let hashes = KeyCounts.hashes(
      of: try vectors(of: keys, for: selection, evaluator), count: selection.count)
    counts.add(hashes)
    return hashes
  }

  /// Adds request ids to distinct counts without converting them to texts; returns the aggregates
  /// that were computed that way.
  private func addRequestIDs(
    _ selection: Selection, _ arguments: [ScanNode?], _ evaluator: ScanEvaluator
  ) throws(ScanFailure) -> [Int] {
    guard let groups else { return [] }
    let aggregates = arguments.indices.filter {
      arguments[$0]?.field == .system(.requestID) && groups.countsDistinct($0)
    }
    if aggregates.isEmpty { return [] }
    do throws(StoreError) {
      let hasIndexes = selection.rows != nil
      if let ids = try evaluator.segment.requestIDColumn(hasIndexes: hasIndexes) {
        let entries = ids.entries(of: selection.rows)
        for aggregate in aggregates { groups.add(ids, entries, to: aggregate) }
      }
    } catch { throw .store(error) }
    return aggregates
  }

  private func addTopRows(
    of listed: ListedSegment, _ directory: SegmentDirectory, _ shared: ScanSegment?, number: Int,
    _ order: [ScanProgram.OrderNode], _ values: [ScanNode]
  ) throws(ScanFailure) {
    guard let top, let first = order.first else { return }
    guard mayHaveTopRows(directory, order) else {
      record(.order, of: listed)
      return
    }
    let evaluator = evaluator(for: shared ?? segment(of: directory))
    var selection = try self.selection(of: listed, directory, evaluator)
    if values.isEmpty, let lines = try reportLines(selection, by: first, evaluator) {
      selection = lines
    }
    if selection.isEmpty { return }
    // Keys in natural order are computed only for numbers that may be among the first.
    if first.isNatural, let bound = top.boundNumber {
      let values = try evaluator.vector(first.node, for: selection).expanded(count: selection.count)
      selection = selection.filtered { index in
        guard let number = values[index].storedNumber?.real else { return true }
        return first.isDescending ? number >= bound : number <= bound
      }
      if selection.isEmpty { return }
    }
    let firstKeys = try sortKeys(first, selection, evaluator)
    if top.bound != nil {
      let cells = firstKeys.expanded(count: selection.count)
      selection = selection.filtered { top.mayInclude(cells[$0]) }
      if selection.isEmpty { return }
    }
    var keys: [CellVector] = []
    for key in order { keys.append(try sortKeys(key, selection, evaluator)) }
    top.add(
      selection, of: number, keys: keys, values: try vectors(of: values, for: selection, evaluator))
  }

  /// Returns the REPORT lines of a segment if all its events are selected, and no other can be among
  /// the first rows in descending order of a number that only REPORT lines have.
  private func reportLines(
    _ selection: Selection, by key: ScanProgram.OrderNode, _ evaluator: ScanEvaluator
  ) throws(ScanFailure) -> Selection? {
    guard optimizations.contains(.reportLines), case .rows(_, let limit?, _) = program.output,
      key.isDescending, !key.isNatural, let field = key.node.field, field.reportColumn != nil,
      selection.rows == nil, let top
    else { return nil }
    do throws(StoreError) {
      let lines = Selection(rows: try evaluator.segment.reportEvents())
      // Missing values are the least, so enough others come before them.
      if let bound = top.bound { return bound.isNull ? nil : lines }
      let numbers = try evaluator.segment.vector(field, for: lines)
      return lines.count - numbers.missingIndexes(count: lines.count).count < limit ? nil : lines
    } catch { throw .store(error) }
  }

  /// Returns false if all rows of the segment come after the current top rows, according to the
  /// bounds of the sort keys.
  private func mayHaveTopRows(
    _ directory: SegmentDirectory, _ order: [ScanProgram.OrderNode]
  ) -> Bool {
    guard optimizations.contains(.bounds), let top else { return true }
    for (key, bound) in zip(order, top.bounds) {
      guard let difference = directory.compareBest(key, with: bound) else { return true }
      if difference != 0 { return difference < 0 }
    }
    return true
  }

  private func sortKeys(
    _ key: ScanProgram.OrderNode, _ selection: Selection, _ evaluator: ScanEvaluator
  ) throws(ScanFailure) -> CellVector {
    let values = try evaluator.vector(key.node, for: selection)
    guard key.isNatural else { return values }
    let arena = evaluator.segment.arena
    var bytes: [UInt8] = []
    return values.map { cell in
      if cell.isNull { return .null }
      bytes.removeAll(keepingCapacity: true)
      cell.appendSortKey(to: &bytes)
      return arena.cell(copying: bytes)
    }
  }

  // MARK: Rows

  /// Returns the rows of a segment, or only the `chosen` ones.
  func rows(
    of listed: ListedSegment, chosen: Selection? = nil
  ) throws(ScanFailure) -> RowBatch {
    guard let directory = listed.directory else {
      return RowBatch(count: 0, vectors: [], owner: listed)
    }
    let evaluator = evaluator(for: directory)
    let selection: Selection
    if let chosen {
      selection = chosen
    } else {
      selection = try self.selection(of: listed, directory, evaluator)
      addProgress(directory, matched: matchedCount)
    }
    var vectors: [CellVector] = []
    if !selection.isEmpty {
      for column in program.columns {
        vectors.append(try evaluator.vector(column, for: selection))
      }
    }
    return RowBatch(count: selection.count, vectors: vectors, owner: evaluator.segment)
  }

  /// Returns a segment of which nothing has been read yet.
  func segment(of directory: SegmentDirectory) -> ScanSegment {
    ScanSegment(
      reader: SegmentReader(directory: directory, blocks: resources.blocks),
      streamNames: resources.streamNames,
      selectsValues: optimizations.contains(.selectedValues))
  }

  private func evaluator(for directory: SegmentDirectory) -> ScanEvaluator {
    evaluator(for: segment(of: directory))
  }

  private func evaluator(for segment: ScanSegment) -> ScanEvaluator {
    if let evaluator {
      evaluator.begin(segment)
      return evaluator
    }
    let evaluator = ScanEvaluator(segment: segment, optimizations: optimizations, budget: budget)
    self.evaluator = evaluator
    return evaluator
  }

  /// Returns the events that meet the conditions, and records the outcome of the segment.
  private func selection(
    of listed: ListedSegment, _ directory: SegmentDirectory, _ evaluator: ScanEvaluator
  ) throws(ScanFailure) -> Selection {
    let selection = try matches(in: directory, evaluator)
    let isRuledOut =
      selection.isEmpty && evaluator.isRuledOutByText && !evaluator.segment.hasReadMessages
    record(isRuledOut ? .text : .read, of: listed)
    matchedCount = selection.count
    return selection
  }

  private func matches(
    in directory: SegmentDirectory, _ evaluator: ScanEvaluator
  ) throws(ScanFailure) -> Selection {
    var selection = Selection(all: directory.eventCount)
    if !directory.isInside(program.timeRange) {
      let times: CellVector
      do throws(StoreError) {
        times = try evaluator.segment.vector(.system(.timestamp), for: selection)
      } catch { throw .store(error) }
      let cells = times.expanded(count: selection.count)
      let range = program.timeRange
      selection = selection.filtered { index in
        let cell = cells[index]
        guard cell.kind == .integer else { return false }
        return range.start.map { cell.integer >= $0 } ?? true
          && range.end.map { cell.integer < $0 } ?? true
      }
    }
    for condition in program.conditions {
      selection = try evaluator.selection(selection, matching: condition)
    }
    return selection
  }
}

/// Rows of a scan: a vector for each column, and the owner of the memory that the cells refer to.
public struct RowBatch {
  package var count: Int
  package var vectors: [CellVector]
  var owner: AnyObject
}
