internal import InsightsSegments
internal import InsightsModel
internal import InsightsText

/// Conclusions about conditions from the directory of a segment, without decoding any column.
extension SegmentDirectory {
  /// Whether all events certainly have a time in the range.
  func isInside(_ range: TimeRange) -> Bool {
    if range == .everything { return true }
    guard let timestamps, !hasMissingTimestamps else { return false }
    return range.start.map { timestamps.lowerBound >= $0 } ?? true
      && range.end.map { timestamps.upperBound < $0 } ?? true
  }

  /// Returns false only if the condition is true for no event of the segment.
  func mayMatch(_ condition: ScanNode) -> Bool {
    let arguments = condition.arguments
    if case .membership(let texts, let numbers) = condition.kind {
      guard let source = arguments[0].comparedField else { return true }
      return mayHave(source)
        && (texts + numbers.map { Cell($0) }).contains {
          mayCompare(source, .equalValues, with: $0)
        }
    }
    guard case .call(let function) = condition.kind else { return true }
    switch function {
    case .and: return mayMatch(arguments[0]) && mayMatch(arguments[1])
    case .or: return mayMatch(arguments[0]) || mayMatch(arguments[1])
    case .isPresent: return arguments[0].field.map(mayHave) ?? true
    case .equal, .equalValues, .less, .lessOrEqual, .greater, .greaterOrEqual:
      guard let literal = arguments[1].literal, let source = arguments[0].comparedField else {
        return true
      }
      return mayHave(source) && mayCompare(source, function, with: literal)
    default: return true
    }
  }

  /// Returns false only if no event has a value of the field.
  private func mayHave(_ source: FieldSource) -> Bool {
    if let number = source.reportColumn { return reportBounds[number.rawValue] != nil }
    return switch source {
    case .system(.timestamp): timestamps != nil
    case .system(.type), .system(.xrayTraceID), .system(.xraySegmentID):
      hasTypes
    case .system(.eventID): hasEventIDs
    case .discovered(let name, let id):
      id.flatMap { index(ofField: $0) } != nil || isInMessages(name, id: id)
    default: true
    }
  }

  private func mayCompare(
    _ source: FieldSource, _ function: FunctionID, with literal: Cell
  ) -> Bool {
    guard let number = literal.number?.real else {
      guard case .discovered(let name, let id?) = source, let index = index(ofField: id),
        literal.kind == .text, function == .equal || function == .equalValues
      else { return true }
      return fields[index].hasText || mayBeDelimited(name)
    }
    // SQL's own operators compare quoted text as text.
    if literal.kind == .text, function != .equalValues { return true }
    guard let bounds = bounds(of: source) else { return true }
    guard let bounds else { return false }
    let isRounded = number.magnitude >= 0x1p53
    switch function {
    // Larger integers may have been rounded to the bound.
    case .less: return bounds.lowerBound < number || isRounded && bounds.lowerBound == number
    case .lessOrEqual: return bounds.lowerBound <= number
    case .greater: return bounds.upperBound > number || isRounded && bounds.upperBound == number
    case .greaterOrEqual: return bounds.upperBound >= number
    default: return bounds.contains(number)
    }
  }

  /// Returns the bounds of a field's numbers; `.some(nil)` if it has none, `nil` if unknown.
  func bounds(of source: FieldSource) -> ClosedRange<Double>?? {
    switch source {
    case .system(.timestamp):
      return .some(timestamps.map { Double($0.lowerBound)...Double($0.upperBound) })
    case .discovered(let name, let id):
      if mayBeDelimited(name) { return nil }
      guard let id, let index = index(ofField: id) else {
        return listsAllFields ? .some(nil) : nil
      }
      return .some(fields[index].bounds)
    default:
      guard let number = source.reportColumn else { return nil }
      return .some(reportBounds[number.rawValue])
    }
  }

  /// Compares the best value of a sort key in this segment with another value; negative if it comes
  /// before that value, `nil` if unknown.
  func compareBest(_ key: ScanProgram.OrderNode, with value: Cell) -> Int? {
    guard !key.isNatural, let source = key.node.field else { return nil }
    // Missing values are the smallest.
    let ofMissing = value.isNull ? 0 : key.isDescending ? 1 : -1
    let best: Double
    switch source {
    case .system(.eventID): return hasEventIDs ? nil : ofMissing
    case .discovered: return nil
    case .system(.position):
      best = Double(key.isDescending ? positionRange.upperBound : positionRange.lowerBound)
    default:
      guard let bounds = bounds(of: source) else { return nil }
      guard let bounds, key.isDescending || !mayMiss(source) else { return ofMissing }
      best = key.isDescending ? bounds.upperBound : bounds.lowerBound
    }
    if value.isNull { return key.isDescending ? -1 : 1 }
    guard let other = value.storedNumber?.real else { return nil }
    if best == other {
      // Beyond 2^53, equal `Double`s may represent different integers.
      return best.magnitude < 0x1p53 ? 0 : nil
    }
    return (best > other) == key.isDescending ? -1 : 1
  }

  /// Returns the start of the period that contains the times of all events; `nil` if there are
  /// several.
  func commonTime(_ start: (Int64) -> Int64?) -> Int64? {
    guard !hasMissingTimestamps, let timestamps, timestamps.lowerBound >= 0,
      let first = start(timestamps.lowerBound), first == start(timestamps.upperBound)
    else { return nil }
    return first
  }

  /// Returns the number of events in each period; `nil` if their times must be read.
  func counts(by period: Int64) -> [(time: Cell, count: Int)]? {
    if let time = commonTime({ $0 - $0 % period }) { return [(Cell(time), eventCount)] }
    guard let timeCounts, let counts = timeCounts.counts(by: period) else { return nil }
    let missingCount = eventCount - timeCounts.counts.reduce(0, +)
    return counts.map { (Cell($0.start), $0.count) } + [(.null, missingCount)]
  }

  /// Whether some event may lack a field that has `bounds`.
  func mayMiss(_ source: FieldSource) -> Bool {
    source == .system(.timestamp) ? hasMissingTimestamps : true
  }
}

extension ScanNode {
  /// The milliseconds to a multiple of which the call rounds the events' times down; otherwise
  /// `nil`.
  var timePeriod: Int64? {
    guard case .call(.dateFloor) = kind, arguments[0].field == .system(.timestamp) else {
      return nil
    }
    return period?.alignedMilliseconds
  }

  /// The field in a comparison, as it is or converted to a number.
  var comparedField: FieldSource? {
    if case .call(.number) = kind { return arguments[0].field }
    return field
  }
}
