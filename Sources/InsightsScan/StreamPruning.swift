internal import InsightsSegments
internal import InsightsModel

/// Determines by the names of log streams and groups which segments a scan can skip.
final class StreamPruning {
  private let conditions: [ScanNode]
  private let names: StreamNames
  /// What the conditions say of all events of a stream, by the stream's id.
  private var verdicts: [Int64: Verdict] = [:]

  /// Whether the conditions are true for the events of a stream.
  private enum Verdict {
    /// For all of them.
    case all
    /// For none of them.
    case none
    /// It depends on more than the stream.
    case unknown
  }

  /// `nil` if no condition is about streams.
  init?(for conditions: [ScanNode], names: StreamNames) {
    self.conditions = conditions.filter(\.readsStreams)
    self.names = names
    if self.conditions.isEmpty { return nil }
  }

  /// Returns false only if no event of the segment belongs to a matching stream.
  func mayMatch(_ directory: SegmentDirectory) throws(StoreError) -> Bool {
    guard let ids = directory.streamIDs else { return true }
    for id in ids where try verdict(id) != .none { return true }
    return false
  }

  /// Returns true only if all conditions are true for each event of the segment; conditions about
  /// other fields than streams are not decided.
  func matchesAll(_ directory: SegmentDirectory) throws(StoreError) -> Bool {
    guard let ids = directory.streamIDs else { return false }
    for id in ids where try verdict(id) != .all { return false }
    return true
  }

  private func verdict(_ stream: Int64) throws(StoreError) -> Verdict {
    if let known = verdicts[stream] { return known }
    let arena = TextArena()
    var verdict = Verdict.all
    for condition in conditions where verdict != .none {
      guard let value = try value(condition, stream, arena) else {
        verdict = .unknown
        continue
      }
      if !value.isTrue { verdict = .none }
    }
    verdicts[stream] = verdict
    return verdict
  }

  /// Returns the value of an expression; `nil` if it depends on more than the stream.
  private func value(
    _ node: ScanNode, _ stream: Int64, _ arena: TextArena
  ) throws(StoreError) -> Cell? {
    switch node.kind {
    case .literal(let cell): return cell
    case .field(let source):
      return source.isOfStream ? try names.cells(source, ofStreams: [stream], in: arena)[0] : nil
    case .membership(let texts, let numbers):
      return try value(node.arguments[0], stream, arena).map {
        ScanNode.contains($0, texts: texts, numbers: numbers)
      }
    case .call(let function):
      var values: [Cell?] = []
      for argument in node.arguments { values.append(try value(argument, stream, arena)) }
      if function == .and || function == .or {
        // False, or true, regardless of the other operand.
        let deciding = function == .or
        if values.contains(where: { $0.map { !$0.isNull && $0.isTrue == deciding } ?? false }) {
          return Cell(deciding)
        }
      }
      let known = values.compactMap { $0.map { CellVector.constant($0) } }
      guard known.count == values.count else { return nil }
      switch node.kernel {
      case .matchesGlob: return known[0].map(node.matchesGlob).cell(at: 0)
      case .unary(let kernel): return kernel(known[0]).cell(at: 0)
      case .binary(let kernel): return kernel(known[0], known[1], 1).cell(at: 0)
      case .matches, .capture, .jsonSelects, .spacedField, .choice, .coalesce, .dateFloor,
        .dateCeil, nil:
        return nil
      }
    }
  }
}

extension FieldSource {
  /// Whether all events of a log stream have the same value.
  var isOfStream: Bool {
    switch self {
    case .system(.logStream), .system(.logGroup), .system(.log), .attribute: true
    default: false
    }
  }
}

extension ScanNode {
  /// Whether the name of the log stream or its group is needed.
  var readsStreams: Bool {
    field?.isOfStream ?? false || arguments.contains { $0.readsStreams }
  }

  /// Whether all fields that are needed are the same for all events of a log stream.
  var readsNothingElse: Bool {
    field?.isOfStream ?? arguments.allSatisfy(\.readsNothingElse)
  }
}
