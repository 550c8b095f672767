internal import InsightsSegments
package import InsightsSQLite
package import InsightsModel
internal import InsightsText
internal import InsightsThreads
internal import Synchronization

/// A scan over the segments of a store, on all cores.
///
/// Every thread scans its own segments with its own connection; the results are merged here, in an
/// order that does not depend on the threads.
package final class Scan {
  /// The number of segments per thread whose rows are buffered before SQLite has read them.
  private static let segmentsAhead = 4
  /// The minimum number of segments per thread.
  private static let segmentsPerThread = 4

  private let request: ScanRequest
  private let columns: [String]
  private let optimizations: ScanOptimizations
  private let list: SegmentList
  private let budget: QueryBudget
  /// All segments of the store.
  private let segments: [ListedSegment]
  /// The range outside of which no segment is read.
  private let range: TimeRange
  /// The segments to scan, in scan order.
  private let needed: [ListedSegment]
  private let worker: ScanWorker
  private var helpers: [ScanWorker]?
  /// Whether all segments have been added to the partial results.
  private var isCollected = false
  private var finished: [RowBatch]?
  private var nextSegment = 0
  /// The groups that have not been returned yet.
  private var remainingGroups = 0..<0
  /// The number of groups returned at a time.
  private static let groupsAtATime = 8192
  /// The first rows that were found and have not been read again yet.
  private var chosen: ArraySlice<(segment: Int, selection: Selection)> = []
  private let dropped = Atomic(false)
  /// The size of the key counts in bytes.
  private var keyCountBytes = 0
  /// For each segment, whether a row of it may belong to a wanted group; `nil` if unknown.
  private var hasFrequentKeys: [Bool]?
  /// The memory in bytes per thread for hashes of keys, which determine that.
  private static let hashByteLimit = 32 << 20

  /// `columns` are names of fields, or of columns that the request defines; `budget` is that of the
  /// whole statement.
  package init(
    _ request: ScanRequest, columns: [String], optimizations: ScanOptimizations,
    budget: QueryBudget, segments list: SegmentList
  ) throws(StoreError) {
    FreedMemory.keep()
    self.request = request
    self.columns = columns
    self.optimizations = optimizations
    self.list = list
    self.budget = budget
    let worker = try ScanWorker(
      request, columns: columns, optimizations: optimizations, budget: budget,
      resources: list.resources(keepsTemplates: optimizations.contains(.keptTemplates)))
    self.worker = worker
    range = optimizations.contains(.bounds) ? worker.program.timeRange : .everything
    segments = try list.segments(in: range)
    var needed: [ListedSegment] = []
    for segment in segments where range.mayContain(segment.timestamps) {
      try budget.context.cancellation.throwIfStopped()
      guard let directory = segment.directory else { continue }
      if try worker.isNeeded(segment, directory), try !worker.count(segment, directory) {
        needed.append(segment)
      }
    }
    self.needed = Self.ordered(needed, for: worker.program)
  }

  deinit {
    let workers = [worker] + (helpers ?? [])
    budget.memory.release(workers.reduce(keyCountBytes) { $0 + $1.heldByteCount })
    for worker in workers { list.takeBack(worker.resources) }
  }

  /// What has been read and skipped so far.
  package var statistics: ScanStatistics {
    let workers = [worker] + (helpers ?? [])
    let segments = self.segments.map { segment in
      var outcome =
        range.mayContain(segment.timestamps)
        ? ScanStatistics.Outcome.notReached : .time
      for worker in workers where segment.number < worker.outcomes.count {
        outcome = worker.outcomes[segment.number] ?? outcome
      }
      return ScanStatistics.Segment(
        eventCount: segment.eventCount, textByteCount: segment.textByteCount,
        timestamps: segment.timestamps, outcome: outcome)
    }
    return ScanStatistics(
      segments: segments, bytesRead: workers.reduce(0) { $0 + $1.bytesRead },
      indexedFields: worker.indexedFields,
      searchedTexts: worker.program.conditions.flatMap(\.searchedTexts),
      matchedRows: matchedRows(of: workers))
  }

  /// The number of rows that met the conditions, if all were read to be grouped.
  private func matchedRows(of workers: [ScanWorker]) -> Int? {
    guard case .groups = worker.program.output, finished != nil, hasFrequentKeys == nil else {
      return nil
    }
    return workers.reduce(0) { $0 + $1.matchedRowCount }
  }

  /// Returns the segments in the order of positions; if the first rows by a bounded number are
  /// requested, those that may contain them come first.
  private static func ordered(
    _ segments: [ListedSegment], for program: ScanProgram
  ) -> [ListedSegment] {
    // Segments with equal bounds are ordered by position.
    guard case .rows(let order, _?, _) = program.output, let first = order.first,
      !first.isNatural, let source = first.node.field,
      source == .system(.timestamp) || source.reportColumn != nil
    else { return segments }
    // Missing values are the least.
    let keys = segments.map { segment -> Double in
      guard let directory = segment.directory, let bounds = directory.bounds(of: source) ?? nil
      else {
        return first.isDescending ? .infinity : -.infinity
      }
      if first.isDescending { return -bounds.upperBound }
      return directory.mayMiss(source) ? -.infinity : bounds.lowerBound
    }
    let isLatestFirst = order.first { $0.node.field == .system(.position) }?.isDescending ?? false
    let sign = isLatestFirst ? -1 : 1
    return segments.indices.sorted { (keys[$0], sign * $0) < (keys[$1], sign * $1) }
      .map { segments[$0] }
  }

  /// Returns the next rows; `nil` at the end.
  package func nextBatch() throws(ScanFailure) -> RowBatch? {
    switch worker.program.output {
    case .groups, .rows(_, _?, _):
      if finished == nil {
        try finish()
        finished = []
      }
      if finished?.isEmpty ?? true, !remainingGroups.isEmpty { finished = try nextGroups() }
      while finished?.isEmpty ?? true, !chosen.isEmpty {
        finished = try nextChosenRows().reversed()
      }
    case .rows(_, nil, _):
      while finished?.isEmpty ?? true, nextSegment < needed.count {
        finished = try nextRows().reversed()
      }
    }
    return finished?.popLast()
  }

  // MARK: Ways to scan

  private func nextRows() throws(ScanFailure) -> [RowBatch] {
    let threads = try threadCount(for: needed.count)
    let end = min(needed.count, nextSegment + threads * Self.segmentsAhead)
    let part = needed[nextSegment..<end]
    nextSegment = end
    let batches = Slots<RowBatch>(count: part.count)
    try run(part.count) { worker, index throws(ScanFailure) in
      batches[index] = try worker.rows(of: part[part.startIndex + index])
    }
    return batches.all.filter { $0.count > 0 }
  }

  private func nextGroups() throws(ScanFailure) -> [RowBatch] {
    guard let groups = worker.groups else { return [] }
    let part = remainingGroups.prefix(Self.groupsAtATime)
    remainingGroups = part.upperBound..<remainingGroups.upperBound
    let vectors = try groups.rows(part, budget.context.cancellation)
    return [
      RowBatch(
        count: part.count, vectors: worker.program.groupColumns.map { vectors[$0] }, owner: groups)
    ]
  }

  /// Returns some of the chosen rows, as the text of all of them may not fit in memory.
  private func nextChosenRows() throws(ScanFailure) -> [RowBatch] {
    let threads = try threadCount(for: chosen.count)
    let part = chosen.prefix(threads * Self.segmentsAhead)
    chosen = chosen.dropFirst(part.count)
    let batches = Slots<RowBatch>(count: part.count)
    let needed = self.needed
    try run(part.count) { worker, index throws(ScanFailure) in
      let (segment, selection) = part[part.startIndex + index]
      batches[index] = try worker.rows(of: needed[segment], chosen: selection)
    }
    return batches.all
  }

  /// Finds all groups, or which rows are `chosen`.
  private func finish() throws(ScanFailure) {
    let needed = self.needed
    if !isCollected {
      try countKeys()
      let hasFrequentKeys = self.hasFrequentKeys
      try run(needed.count) { worker, index throws(ScanFailure) in
        guard hasFrequentKeys?[index] ?? true else { return }
        try worker.add(needed[index], number: index)
      }
    }
    for helper in helpers ?? [] { try worker.merge(helper) }
    try worker.checkMemory()
    remainingGroups = 0..<(worker.groups?.rowCount ?? 0)
    chosen = worker.top?.rowsBySegment()[...] ?? []
  }

  /// Collects the partial results of several scans of one store in one pass, in which each segment
  /// is read once for all of them.
  ///
  /// Scans for rows without a limit are skipped, as they keep nothing. A scan that needs more than
  /// the remaining memory is dropped.
  package static func collect(_ scans: [Scan]) throws(ScanFailure) {
    let scans = scans.filter { scan in
      if case .rows(_, nil, _) = scan.worker.program.output { return false }
      return !scan.needed.isEmpty
    }
    guard let first = scans.first else { return }
    // The members of a segment: the scans that read it, and its number in each.
    var members: [Int64: [(scan: Int, number: Int)]] = [:]
    var segments: [ListedSegment] = []
    for (number, scan) in scans.enumerated() {
      try scan.droppingIfTooLarge { () throws(ScanFailure) in try scan.countKeys() }
      for (index, segment) in scan.needed.enumerated()
      where scan.hasFrequentKeys?[index] ?? true {
        if members[segment.id] == nil { segments.append(segment) }
        members[segment.id, default: []].append((number, index))
      }
    }
    var workers: [[ScanWorker]] = []
    for scan in scans {
      _ = try scan.threadCount(for: segments.count)
      workers.append([scan.worker] + (scan.helpers ?? []))
    }
    let threadCount = workers.map(\.count).min() ?? 1
    let teams = (0..<threadCount).map { thread in workers.map { $0[thread] } }
    try first.run(segments.count, threadCount: threadCount) {
      worker, index throws(ScanFailure) in
      guard let team = teams.first(where: { $0[0] === worker }),
        let directory = segments[index].directory
      else { return }
      let segment = worker.segment(of: directory)
      segment.sharedValues = SharedValues()
      for (scan, number) in members[directory.id] ?? [] {
        guard !scans[scan].isDropped else {
          team[scan].dropPartialResults()
          continue
        }
        try scans[scan].droppingIfTooLarge { () throws(ScanFailure) in
          try team[scan].add(segments[index], number: number, shared: segment)
        }
      }
    }
    for scan in scans { scan.isCollected = !scan.isDropped }
  }

  /// Whether it exceeded the memory while others were collected, and has to be repeated.
  package var isDropped: Bool { dropped.load(ordering: .relaxed) }

  private func droppingIfTooLarge(
    _ body: () throws(ScanFailure) -> Void
  ) throws(ScanFailure) {
    do throws(ScanFailure) { try body() } catch .store(.memoryLimitExceeded) {
      dropped.store(true, ordering: .relaxed)
    }
  }

  /// If groups need several rows, counts in a first pass which keys have that many.
  ///
  /// The other keys, often nearly all, then need no memory.
  private func countKeys() throws(ScanFailure) {
    guard case .groups(let keys, _, _, let leastRowCount) = worker.program.output,
      !keys.isEmpty, leastRowCount > 1, worker.program.counting == nil,
      optimizations.contains(.frequentKeys)
    else { return }
    let rowCount = needed.reduce(0) { $0 + $1.eventCount }
    _ = try threadCount(for: needed.count)
    let needed = self.needed
    let workers = [worker] + (helpers ?? [])
    let counts = workers.map { _ in KeyCounts(rowCount: rowCount, leastRowCount: leastRowCount) }
    keyCountBytes = counts.reduce(0) { $0 + $1.byteCount }
    do throws(StoreError) { try budget.memory.change(by: keyCountBytes) } catch {
      throw .store(error)
    }
    let hashes = Slots<[UInt64]>(count: needed.count)
    let hashBytes = Slots<Int>(count: workers.count)
    let memory = budget.memory
    defer { memory.release(hashBytes.all.reduce(0, +)) }
    try run(needed.count) { worker, index throws(ScanFailure) in
      guard let number = workers.firstIndex(where: { $0 === worker }) else { return }
      let found = try worker.countKeys(of: needed[index], in: counts[number])
      let byteCount = (hashBytes[number] ?? 0) + found.count * 8
      guard byteCount <= Self.hashByteLimit else { return }
      hashBytes[number] = byteCount
      hashes[index] = found
      do throws(StoreError) { try memory.change(by: found.count * 8) } catch {
        throw .store(error)
      }
    }
    for other in counts.dropFirst() { counts[0].merge(other) }
    memory.release(keyCountBytes - counts[0].byteCount)
    keyCountBytes = counts[0].byteCount
    let kept = hashes.all
    if kept.count == needed.count {
      counts[0].confirm(among: kept)
      hasFrequentKeys = kept.map { $0.contains(where: counts[0].isFrequent) }
    }
    for worker in workers { worker.frequentKeys = counts[0] }
  }

  // MARK: Threads

  private func threadCount(for taskCount: Int) throws(ScanFailure) -> Int {
    if let helpers { return helpers.count + 1 }
    let count = max(1, min(Processors.workerCount, taskCount / Self.segmentsPerThread))
    do throws(StoreError) {
      helpers = try makeHelpers(count - 1)
    } catch { throw .store(error) }
    return (helpers?.count ?? 0) + 1
  }

  /// Makes workers with their own connections; none if there are no connections that see the same
  /// segments.
  private func makeHelpers(_ count: Int) throws(StoreError) -> [ScanWorker] {
    guard optimizations.contains(.threads) else { return [] }
    var helpers: [ScanWorker] = []
    for resources in try list.resources(
      forHelpers: count, keepsTemplates: optimizations.contains(.keptTemplates))
    {
      helpers.append(
        try ScanWorker(
          request, columns: columns, optimizations: optimizations, budget: budget,
          resources: resources))
    }
    return helpers
  }

  /// Calls `body` for every number below `count`, on all threads.
  private func run(
    _ count: Int, threadCount limit: Int = .max,
    _ body: @escaping (ScanWorker, Int) throws(ScanFailure) -> Void
  ) throws(ScanFailure) {
    _ = try threadCount(for: count)
    let cancellation = budget.context.cancellation
    let tasks = SharedTasks<ScanWorker, ScanFailure>(count: count) {
      worker, index throws(ScanFailure) in
      try cancellation.endScanIfStopped()
      try body(worker, index)
    }
    let threads = (count > 1 ? helpers ?? [] : []).prefix(limit - 1)
      .compactMap(tasks.thread(with:))
    tasks.work(with: worker)
    for thread in threads { thread.join() }
    if let failure = tasks.failure { throw failure }
  }
}
