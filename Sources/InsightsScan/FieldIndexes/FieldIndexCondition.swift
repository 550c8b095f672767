internal import InsightsModel

/// The part of a condition that field indexes can exclude.
indirect enum FieldIndexCondition {
  case all([FieldIndexCondition])
  case any([FieldIndexCondition])
  /// An indexed field has one of some values.
  case values(FieldIndexTable.Index, [FieldIndexFilter.Key], ScanNode)
  /// A condition without an index.
  case other(ScanNode)

  /// `indexes` are those of the indexed fields.
  init(_ node: ScanNode, indexes: [FieldSource: FieldIndexTable.Index]) {
    switch node.kind {
    case .call(.and): self = .all(node.arguments.map { Self($0, indexes: indexes) })
    case .call(.or): self = .any(node.arguments.map { Self($0, indexes: indexes) })
    default:
      guard let literals = node.equalLiterals,
        let index = node.arguments[0].comparedField.flatMap({ indexes[$0] })
      else {
        self = .other(node)
        return
      }
      self = .values(index, literals.compactMap(FieldIndexFilter.Key.init), node)
    }
  }

  /// The fields whose indexes are used.
  var fields: [String] {
    switch self {
    case .all(let parts), .any(let parts): parts.flatMap(\.fields)
    case .values(let index, _, _): [index.field]
    case .other: []
    }
  }
}

extension ScanNode {
  /// The node is true only if the first argument equals one of these literals; `nil` if there is no
  /// such list.
  fileprivate var equalLiterals: [Cell]? {
    switch kind {
    case .call(.equal), .call(.equalValues): arguments[1].literal.map { [$0] }
    case .membership(let texts, let numbers): texts + numbers.map { Cell($0) }
    default: nil
    }
  }
}
