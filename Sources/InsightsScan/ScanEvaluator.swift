internal import InsightsSegments
internal import InsightsSQLite
internal import InsightsModel
internal import InsightsText
internal import InsightsThreads

/// Evaluates expressions over segments, one at a time; each thread has its own.
///
/// Results equal those of the same SQL expression in SQLite.
final class ScanEvaluator {
  private(set) var segment: ScanSegment
  private let optimizations: ScanOptimizations
  private let cancellation: Cancellation
  private let matcher = RegularExpressionMatcher()
  private var captures: [Range<Int>] = []
  /// The captures of patterns in this segment's messages so far.
  private var captured: [CapturedPattern] = []

  /// Whether filters excluded that any message of the segment contains the searched text.
  private(set) var isRuledOutByText = false

  /// The captures of one pattern, which several expressions extract from the same messages.
  private struct CapturedPattern {
    var pattern: Cell
    var isGlob: Bool
    /// By event.
    var isKnown: [Bool]
    /// By capture, then by event; empty until something has matched.
    var values: [[Cell]] = []
  }

  init(segment: ScanSegment, optimizations: ScanOptimizations, budget: QueryBudget) {
    self.segment = segment
    self.optimizations = optimizations
    cancellation = budget.context.cancellation
    matcher.budget = budget.steps
  }

  func begin(_ segment: ScanSegment) {
    self.segment = segment
    isRuledOutByText = false
    captured.removeAll(keepingCapacity: true)
  }

  // MARK: Conditions

  /// Returns the selected events for which one of a scan's conditions is true.
  func selection(
    _ selection: Selection, matching condition: ScanNode
  ) throws(ScanFailure) -> Selection {
    if let known = segment.sharedValues?.narrowed(selection, by: condition) {
      isRuledOutByText = isRuledOutByText || known.isRuledOutByText
      return known.selection
    }
    let wasRuledOut = isRuledOutByText
    isRuledOutByText = false
    let narrowed = try narrow(selection, by: condition)
    segment.sharedValues?.keep(
      narrowed, isRuledOutByText: isRuledOutByText, of: selection, by: condition)
    isRuledOutByText = isRuledOutByText || wasRuledOut
    return narrowed
  }

  /// Returns the selected events for which the condition is true.
  func narrow(_ selection: Selection, by condition: ScanNode) throws(ScanFailure) -> Selection {
    if selection.isEmpty { return selection }
    guard case .call(let function) = condition.kind else {
      return selection.narrowed(by: try vector(condition, for: selection))
    }
    switch function {
    case .and:
      let left = try narrow(selection, by: condition.arguments[0])
      return try narrow(left, by: condition.arguments[1])
    case .or:
      if optimizations.contains(.bounds) {
        for (side, other) in [(1, 0), (0, 1)]
        where !segment.directory.mayMatch(condition.arguments[side]) {
          return try narrow(selection, by: condition.arguments[other])
        }
      }
      let left = try narrow(selection, by: condition.arguments[0])
      if left.rows == nil { return left }
      let others = selection.without(left)
      return left.merged(with: try narrow(others, by: condition.arguments[1]))
    case .equal, .equalValues:
      if selection.rows == nil, optimizations.contains(.reportLines), condition.selectsReports {
        do throws(StoreError) {
          return Selection(rows: try segment.reportEvents()).orAll(of: selection.count)
        } catch { throw .store(error) }
      }
      guard optimizations.contains(.textFilters), let id = condition.requestID else { break }
      return try events(ofRequest: id, in: selection)
    case .contains, .startsWith, .endsWith, .matches:
      guard searchesFirst(condition) else { break }
      return try events(found: condition, in: selection)
    default: break
    }
    return selection.narrowed(by: try vector(condition, for: selection))
  }

  /// Returns the selected events with a request id.
  private func events(
    ofRequest id: UUID, in selection: Selection
  ) throws(ScanFailure) -> Selection {
    do throws(StoreError) {
      guard try segment.mayContainUUIDs([id.filterHash]) else {
        isRuledOutByText = true
        return Selection(rows: [])
      }
      guard let ids = try segment.requestIDColumn(), let entry = ids.entry(of: id) else {
        return Selection(rows: [])
      }
      return selection.filtered { Int(ids.indexes[selection.row($0)]) == entry }
    } catch { throw .store(error) }
  }

  /// Whether messages are searched for a call's literals first.
  private func searchesFirst(_ call: ScanNode) -> Bool {
    optimizations.contains(.literals) && call.arguments[0].field == .system(.message)
      && !call.requiredLiterals.isEmpty
  }

  /// Returns the selected events that match a search of messages, which begins by searching for
  /// literals.
  private func events(
    found call: ScanNode, in selection: Selection
  ) throws(ScanFailure) -> Selection {
    let literals = call.requiredLiterals
    if isPlainSearch(call) { return try search(literals, in: selection) }
    guard optimizations.contains(.plainAlternatives), literals.contains(where: \.isSufficient)
    else {
      let found = try search(literals, in: selection)
      if found.isEmpty { return found }
      return found.narrowed(by: try vector(call, for: found, isSearched: true))
    }
    let wasRuledOut = isRuledOutByText
    let certain = try search(literals.filter(\.isSufficient), in: selection)
    let others = selection.without(certain)
    if others.isEmpty { return certain }
    let isWithoutCertain = isRuledOutByText
    isRuledOutByText = false
    let possible = try search(literals.filter { !$0.isSufficient }, in: others)
    isRuledOutByText = wasRuledOut || isRuledOutByText && isWithoutCertain
    if possible.isEmpty { return certain }
    return certain.merged(
      with: possible.narrowed(by: try vector(call, for: possible, isSearched: true)))
  }

  /// Whether a call is true exactly if the message contains one of its literals.
  private func isPlainSearch(_ call: ScanNode) -> Bool {
    guard call.isPlainSearch else { return false }
    return optimizations.contains(.plainAlternatives)
      || call.requiredLiterals.count == 1 && !call.requiredLiterals[0].search.ignoresCase
  }

  /// Returns the number of the segment's events that meet the condition, if the templates of
  /// messages determine it; otherwise `nil`.
  func count(matching condition: ScanNode) throws(ScanFailure) -> Int? {
    guard optimizations.contains([.templates, .templateCounts]),
      case .call(let function) = condition.kind, function == .contains || function == .matches,
      searchesFirst(condition), isPlainSearch(condition)
    else { return nil }
    do throws(StoreError) {
      let literals = try possible(condition.requiredLiterals)
      let count = try segment.count(literals.map(\.inTemplates))
      isRuledOutByText = count == 0
      return count
    } catch { throw .store(error) }
  }

  /// Returns the literals that may occur according to the filters of the segment.
  private func possible(
    _ literals: [RequiredLiteral]
  ) throws(StoreError) -> [RequiredLiteral] {
    guard optimizations.contains(.textFilters) else { return literals }
    var possible: [RequiredLiteral] = []
    for literal in literals where try segment.mayContainUUIDs(literal.uuidHashes) {
      possible.append(literal)
    }
    if !possible.isEmpty, let filter = try segment.filter() {
      possible.removeAll { !filter.mayContain($0.tokens) }
    }
    return possible
  }

  /// Returns the selected events whose message contains one of the literals.
  ///
  /// Templates are searched if there are any; messages of plain text are searched all at once.
  private func search(
    _ literals: [RequiredLiteral], in selection: Selection
  ) throws(ScanFailure) -> Selection {
    do throws(StoreError) {
      let possible = try self.possible(literals)
      if possible.isEmpty {
        isRuledOutByText = true
        return Selection(rows: [])
      }
      var isHit = [Bool](repeating: false, count: segment.eventCount)
      for literal in possible {
        if optimizations.contains(.templates), try segment.mark(literal.inTemplates, in: &isHit) {
          continue
        }
        Self.mark(literal.search, in: try segment.messages(), &isHit)
      }
      if !isHit.contains(true) { isRuledOutByText = true }
      return selection.filtered { isHit[selection.row($0)] }
    } catch { throw .store(error) }
  }

  /// Marks the events in whose message the literal is found.
  private static func mark(
    _ literal: LiteralSearch, in messages: SegmentText, _ isHit: inout [Bool]
  ) {
    messages.bytes.withUnsafeBufferPointer { bytes in
      var message = 0
      var position = 0
      while let found = literal.firstOffset(in: bytes, from: position) {
        while Int(messages.offsets[message + 1]) <= found { message += 1 }
        let end = Int(messages.offsets[message + 1])
        if found + literal.bytes.count <= end {
          isHit[message] = true
          position = end
        } else {
          // The occurrence extends into the next message, so it is in neither.
          position = found + 1
        }
      }
    }
  }

  // MARK: Values

  /// Returns the values of an expression for the selected events.
  func vector(_ node: ScanNode, for selection: Selection) throws(ScanFailure) -> CellVector {
    guard segment.sharedValues != nil, node.literal == nil else {
      return try vector(node, for: selection, isSearched: false)
    }
    if let known = segment.sharedValues?.vector(of: node, for: selection) { return known }
    let vector = try vector(node, for: selection, isSearched: false)
    segment.sharedValues?.keep(vector, of: node, for: selection)
    return vector
  }

  /// With `isSearched` the selected messages are known to contain the required text.
  private func vector(
    _ node: ScanNode, for selection: Selection, isSearched: Bool
  ) throws(ScanFailure) -> CellVector {
    // Decode nothing if there are no events.
    if selection.isEmpty { return .constant(.null) }
    try cancellation.endScanIfStopped()
    switch node.kind {
    case .literal(let cell): return .constant(cell)
    case .field(let source):
      do throws(StoreError) { return try segment.vector(source, for: selection) } catch {
        throw .store(error)
      }
    case .membership(let texts, let numbers):
      return try vector(node.arguments[0], for: selection).map {
        ScanNode.contains($0, texts: texts, numbers: numbers)
      }
    case .call(.byteCount) where node.arguments[0].field == .system(.message):
      do throws(StoreError) { return try segment.messageByteCounts(of: selection) } catch {
        throw .store(error)
      }
    case .call(.contains) where searchesFirst(node):
      return selection.truth(of: try narrow(selection, by: node))
    case .call(.number), .call(.isPresent), .call(.isNumeric):
      guard case .unary(let kernel) = node.kernel else { break }
      return kernel(try numbers(node.arguments[0], for: selection))
    case .call: break
    }
    switch node.kernel {
    case .matches: return try matches(node, for: selection, isSearched: isSearched)
    case .capture: return try capture(node, for: selection)
    case .matchesGlob:
      return try vector(node.arguments[0], for: selection).map(node.matchesGlob)
    case .jsonSelects: return try jsonSelects(node, for: selection)
    case .spacedField: return try spacedField(node, for: selection)
    case .choice: return try choice(node, for: selection)
    case .coalesce:
      var result = try vector(node.arguments[0], for: selection)
      for argument in node.arguments.dropFirst() {
        guard let filled = try fill(result, with: argument, for: selection) else { break }
        result = filled
      }
      return result
    case .dateFloor, .dateCeil: return try edge(node, for: selection)
    case .unary(let kernel): return kernel(try vector(node.arguments[0], for: selection))
    case .binary(let kernel):
      let left = try vector(node.arguments[0], for: selection)
      return kernel(left, try vector(node.arguments[1], for: selection), selection.count)
    case nil: return .constant(.null)
    }
  }

  /// Returns the values of an expression for a use that needs only numbers, or whether values are
  /// missing.
  ///
  /// A text that is a number may be returned as that number.
  func numbers(_ node: ScanNode, for selection: Selection) throws(ScanFailure) -> CellVector {
    if let values = try templateCapture(node, for: selection, asNumbers: true) { return values }
    return try vector(node, for: selection)
  }

  /// Returns a vector with its missing values filled in by an expression, computed only for those
  /// events; `nil` if none are missing.
  private func fill(
    _ vector: CellVector, with node: ScanNode, for selection: Selection
  ) throws(ScanFailure) -> CellVector? {
    let missing = vector.missingIndexes(count: selection.count)
    if missing.isEmpty { return nil }
    if missing.count == selection.count { return try self.vector(node, for: selection) }
    let part = Selection(rows: missing.map { UInt16(truncatingIfNeeded: selection.row($0)) })
    let values = try self.vector(node, for: part)
    if case .constant(let cell) = values, cell.isNull { return vector }
    var cells = vector.expanded(count: selection.count)
    values.forEach(count: missing.count) { index, cell in cells[missing[index]] = cell }
    return .cells(cells)
  }

  /// Returns the start or the end of a period.
  private func edge(
    _ node: ScanNode, for selection: Selection
  ) throws(ScanFailure) -> CellVector {
    let isOfEvents = node.arguments[0].field == .system(.timestamp)
    if isOfEvents, optimizations.contains(.summaries),
      let time = segment.directory.commonTime({ node.edge(Cell($0)).storedInteger })
    {
      return .constant(Cell(time))
    }
    let times = try vector(node.arguments[0], for: selection)
    if let period = node.timePeriod, case .cells(let cells) = times {
      return .cells(Self.floors(of: cells, unit: period))
    }
    return times.map(node.edge)
  }

  /// Rounds times down; consecutive times mostly are in the same period, and comparing is cheaper
  /// than dividing.
  private static func floors(of times: [Cell], unit: Int64) -> [Cell] {
    var start: Int64 = 0
    var end: Int64 = 0
    return times.map { cell in
      guard cell.kind == .integer else { return .null }
      let time = cell.integer
      if time < start || time >= end {
        start = time &- time % unit
        end = start.addingReportingOverflow(unit).partialValue
        // Before 1970 the remainder is negative, and neighbours need not be equal.
        if time < 0 {
          let floor = start
          start = 0
          end = 0
          return Cell(floor)
        }
      }
      return Cell(start)
    }
  }

  /// Computes each value only for the events for which its condition is the first true one.
  private func choice(
    _ node: ScanNode, for selection: Selection
  ) throws(ScanFailure) -> CellVector {
    func part(_ indexes: [Int]) -> Selection {
      indexes.count == selection.count
        ? selection
        : Selection(rows: indexes.map { UInt16(truncatingIfNeeded: selection.row($0)) })
    }
    var cells = [Cell](repeating: .null, count: selection.count)
    var open = Array(0..<selection.count)
    var next = 0
    while next < node.arguments.count, !open.isEmpty {
      var chosen = open
      if next + 1 < node.arguments.count {
        let truth = try vector(node.arguments[next], for: part(open))
        chosen = []
        var others: [Int] = []
        for (place, index) in open.enumerated() {
          if truth.cell(at: place).isTrue { chosen.append(index) } else { others.append(index) }
        }
        open = others
        next += 1
      }
      if !chosen.isEmpty {
        try vector(node.arguments[next], for: part(chosen)).forEach(count: chosen.count) {
          place, cell in
          cells[chosen[place]] = cell
        }
      }
      next += 1
    }
    return .cells(cells)
  }

  // MARK: Patterns

  private func matches(
    _ node: ScanNode, for selection: Selection, isSearched: Bool
  ) throws(ScanFailure) -> CellVector {
    guard let expression = node.expression else { return .constant(.null) }
    if !isSearched, searchesFirst(node) {
      return selection.truth(of: try narrow(selection, by: node))
    }
    let arena = segment.arena
    return try searched(node.arguments[0], for: selection) { cell, matcher in
      expression.matches(arena.text(of: cell).text, using: matcher)
    }
  }

  private func jsonSelects(
    _ node: ScanNode, for selection: Selection
  ) throws(ScanFailure) -> CellVector {
    guard let test = node.selection else { return .constant(.null) }
    return try searched(node.arguments[0], for: selection) { cell, matcher in
      cell.withText { test.holds(in: $0, using: matcher) }
    }
  }

  /// Returns whether a search matches each value; missing for a missing value.
  @inline(__always)
  private func searched(
    _ node: ScanNode, for selection: Selection,
    _ search: (Cell, RegularExpressionMatcher) -> RegularExpressionOutcome
  ) throws(ScanFailure) -> CellVector {
    let matcher = self.matcher
    var isTooExpensive = false
    let result = try vector(node, for: selection).map { cell in
      if cell.isNull || isTooExpensive { return .null }
      switch search(cell, matcher) {
      case .match: return Cell(true)
      case .noMatch: return Cell(false)
      case .tooExpensive:
        isTooExpensive = true
        return .null
      }
    }
    if isTooExpensive { throw .patternTooExpensive }
    return result
  }

  private func spacedField(
    _ node: ScanNode, for selection: Selection
  ) throws(ScanFailure) -> CellVector {
    guard let field = node.spacedField else { return .constant(.null) }
    let arena = segment.arena
    return try vector(node.arguments[0], for: selection).map { cell in
      if cell.isNull { return .null }
      let text = arena.text(of: cell).text
      let range = SpacedText.field(field.index, of: field.count, gap: field.gap, in: text)
      return range.map { Cell(UnsafeBufferPointer(rebasing: text[$0])) } ?? .null
    }
  }

  /// Returns one capture of a pattern.
  private func capture(
    _ node: ScanNode, for selection: Selection
  ) throws(ScanFailure) -> CellVector {
    let count = node.glob?.captureCount ?? node.expression?.captureCount ?? 0
    let number = node.captureNumber
    // Group 0 of a regex is the whole match.
    guard number >= (node.glob == nil ? 0 : 1), number <= count else { return .constant(.null) }
    guard node.arguments[0].field == .system(.message), number > 0 else {
      let texts = try vector(node.arguments[0], for: selection)
      var values: [[Cell]] = [Array(repeating: .null, count: 1)]
      var isTooExpensive = false
      let result = texts.map { cell in
        values[0][0] = .null
        if isTooExpensive { return .null }
        if !capture(node, in: cell, first: number, into: &values, at: 0) { isTooExpensive = true }
        return values[0][0]
      }
      if isTooExpensive { throw .patternTooExpensive }
      return result
    }

    if let values = try templateCapture(node, for: selection, asNumbers: false) { return values }
    return try messageCapture(node, for: selection)
  }

  /// Returns a capture of a pattern by searching the messages.
  private func messageCapture(
    _ node: ScanNode, for selection: Selection
  ) throws(ScanFailure) -> CellVector {
    let count = node.glob?.captureCount ?? node.expression?.captureCount ?? 0
    let place = try capturedPattern(node, count: count, for: selection)
    guard !captured[place].values.isEmpty else { return .constant(.null) }
    let values = captured[place].values[node.captureNumber - 1]
    guard let rows = selection.rows else { return .cells(values) }
    return .cells(rows.map { values[Int($0)] })
  }

  /// A whole column of captures is decoded if more than one in this number of the segment's events
  /// is selected.
  private static let fewEvents = 8

  /// Returns a capture of a glob, for most events from the templates of messages; `nil` if these do
  /// not determine it, or if few events are selected.
  private func templateCapture(
    _ node: ScanNode, for selection: Selection, asNumbers: Bool
  ) throws(ScanFailure) -> CellVector? {
    let number = node.captureNumber
    guard optimizations.contains(.templateCaptures), let glob = node.glob,
      node.arguments[0].field == .system(.message), number >= 1, number <= glob.captureCount,
      selection.count > segment.eventCount / Self.fewEvents
    else { return nil }
    let vector: CellVector
    let isOpen: [Bool]?
    do throws(StoreError) {
      for literal in node.requiredLiterals
      where try !segment.mayContainUUIDs(literal.uuidHashes) { return nil }
      guard let captures = try segment.captures(of: glob) else { return nil }
      if captures.isNowhere {
        isRuledOutByText = true
        return .constant(.null)
      }
      (vector, isOpen) = try segment.values(
        ofCapture: number - 1, of: glob, asNumbers: asNumbers)
    } catch { throw .store(error) }
    let values = vector.gathered(by: selection)
    guard let isOpen else { return values }
    var open: [Int] = []
    for index in 0..<selection.count where isOpen[selection.row(index)] { open.append(index) }
    if open.isEmpty { return values }
    let rows = open.map { UInt16(truncatingIfNeeded: selection.row($0)) }
    let others = try messageCapture(node, for: Selection(rows: rows))
    var cells = values.expanded(count: selection.count)
    others.forEach(count: open.count) { index, cell in cells[open[index]] = cell }
    return .cells(cells)
  }

  /// Returns the index of a pattern's captures, which include those of the selected events.
  private func capturedPattern(
    _ node: ScanNode, count: Int, for selection: Selection
  ) throws(ScanFailure) -> Int {
    let pattern = node.arguments[1].literal ?? .null
    let isGlob = node.glob != nil
    var place = captured.count
    if let known = captured.firstIndex(where: {
      $0.isGlob == isGlob && Cell.isSame($0.pattern, pattern)
    }) {
      place = known
    } else {
      captured.append(
        CapturedPattern(
          pattern: pattern, isGlob: isGlob,
          isKnown: Array(repeating: false, count: segment.eventCount)))
    }
    let isKnown = captured[place].isKnown
    let missing = selection.filtered { !isKnown[selection.row($0)] }
    if missing.isEmpty { return place }
    for index in 0..<missing.count { captured[place].isKnown[missing.row(index)] = true }
    let matching =
      searchesFirst(node) ? try search(node.requiredLiterals, in: missing) : missing
    if matching.isEmpty { return place }
    var values: [[Cell]] = []
    swap(&values, &captured[place].values)
    if values.isEmpty {
      let none = [Cell](repeating: .null, count: segment.eventCount)
      values = Array(repeating: none, count: count)
    }
    var isTooExpensive = false
    try vector(node.arguments[0], for: matching).forEach(count: matching.count) { index, cell in
      if isTooExpensive { return }
      let row = matching.row(index)
      if !capture(node, in: cell, first: 1, into: &values, at: row) { isTooExpensive = true }
    }
    swap(&values, &captured[place].values)
    if isTooExpensive { throw .patternTooExpensive }
    return place
  }

  /// Stores the captures of a text, from number `first` on, at `row` of `values`.
  ///
  /// - Returns: false if the pattern is too expensive.
  private func capture(
    _ node: ScanNode, in cell: Cell, first: Int, into values: inout [[Cell]], at row: Int
  ) -> Bool {
    if cell.isNull { return true }
    let text = segment.arena.text(of: cell).text
    if let glob = node.glob {
      guard glob.captures(in: text, into: &captures) else { return true }
      for place in values.indices {
        values[place][row] = Cell(
          UnsafeBufferPointer(rebasing: text[captures[first - 1 + place]]))
      }
      return true
    }
    guard let expression = node.expression else { return true }
    switch expression.firstMatch(in: text, using: matcher) {
    case .match:
      for place in values.indices {
        guard let range = matcher.range(ofGroup: first + place), range.upperBound <= text.count
        else { continue }
        values[place][row] = Cell(UnsafeBufferPointer(rebasing: text[range]))
      }
    case .noMatch: break
    case .tooExpensive: return false
    }
    return true
  }
}

extension Selection {
  /// Returns the same selection, in its form for all events if it has all of `count`.
  func orAll(of count: Int) -> Selection { self.count == count ? Selection(all: count) : self }

  /// Returns the events that are not in `others`, which is a subset of this selection.
  func without(_ others: Selection) -> Selection {
    guard let taken = others.rows else { return Selection(rows: []) }
    var next = 0
    return filtered { index in
      if next < taken.count, Int(taken[next]) == row(index) {
        next += 1
        return false
      }
      return true
    }
  }

  /// Returns the union of two disjoint selections.
  func merged(with other: Selection) -> Selection {
    guard let left = rows else { return self }
    guard let right = other.rows else { return other }
    var merged: [UInt16] = []
    merged.reserveCapacity(left.count + right.count)
    var next = 0
    for row in left {
      while next < right.count, right[next] < row {
        merged.append(right[next])
        next += 1
      }
      merged.append(row)
    }
    merged.append(contentsOf: right[next...])
    return Selection(rows: merged)
  }

  /// Returns 1 for the selected events that are in `part`, otherwise 0.
  func truth(of part: Selection) -> CellVector {
    guard part.count < count, let kept = part.rows else { return .constant(Cell(true)) }
    var cells = [Cell](repeating: Cell(false), count: count)
    var next = 0
    for index in 0..<count where next < kept.count && Int(kept[next]) == row(index) {
      cells[index] = Cell(true)
      next += 1
    }
    return .cells(cells)
  }
}
