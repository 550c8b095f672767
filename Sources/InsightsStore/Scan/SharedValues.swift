/// What several scans have computed of a segment that they read together: queries of a pack mostly
/// begin with the same conditions and ask for the same values of the events that these leave.
struct SharedValues {
  /// An expression over some events of the segment.
  ///
  /// Selections are the same where they share the memory of their rows, which whoever keeps a value
  /// keeps, too.
  private struct Key: Hashable {
    let expression: ScanNode.Identity
    let rows: UnsafeRawPointer?

    init(_ node: ScanNode, _ selection: Selection) {
      expression = node.identity
      rows = selection.rows?.withUnsafeBytes { $0.baseAddress }
    }
  }

  private typealias Narrowed = (base: Selection, selection: Selection, isRuledOutByText: Bool)

  /// Vectors that are kept, at most.
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

  /// Those of a selection for which a condition is true, and whether filters of texts alone said so.
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
