/// Values of a segment that several scans share while they read it together.
///
/// Queries of a pack mostly begin with the same conditions and need the same values of the
/// remaining events.
struct SharedValues {
  /// An expression over some events of the segment.
  ///
  /// Selections are identified by the memory of their rows, which every stored value keeps alive.
  private struct Key: Hashable {
    let expression: ScanNode.Identity
    let rows: UnsafeRawPointer?

    init(_ node: ScanNode, _ selection: Selection) {
      expression = node.identity
      rows = selection.rows?.withUnsafeBytes { $0.baseAddress }
    }
  }

  private typealias Narrowed = (base: Selection, selection: Selection, isRuledOutByText: Bool)

  /// The maximum number of vectors kept.
  private static let limit = 64

  private var vectors: [Key: (base: Selection, vector: CellVector)] = [:]
  private var selections: [Key: Narrowed] = [:]

  func vector(of node: ScanNode, for selection: Selection) -> CellVector? {
    vectors[Key(node, selection)]?.vector
  }

  mutating func keep(_ vector: CellVector, of node: ScanNode, for selection: Selection) {
    guard vectors.count < Self.limit else { return }
    vectors[Key(node, selection)] = (selection, vector)
  }

  /// Returns the events of a selection that meet a condition, and whether text filters alone
  /// decided so.
  func narrowed(
    _ selection: Selection, by condition: ScanNode
  ) -> (selection: Selection, isRuledOutByText: Bool)? {
    selections[Key(condition, selection)].map { ($0.selection, $0.isRuledOutByText) }
  }

  mutating func keep(
    _ narrowed: Selection, isRuledOutByText: Bool, of selection: Selection, by condition: ScanNode
  ) {
    selections[Key(condition, selection)] = (selection, narrowed, isRuledOutByText)
  }
}
