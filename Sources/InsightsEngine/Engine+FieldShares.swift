internal import InsightsModel
public import InsightsQuery

extension Engine {
  /// A field, and the percentage of events that have it.
  public struct FieldShare: Hashable, Sendable {
    /// The name of the field.
    public var name: String
    /// From 1; a field of fewer than 1 % of the events counts as 1.
    public var percent: Int
  }

  /// The maximum number of discovered fields that are checked: the most frequent ones of the store.
  private static let fieldLimit = 1000
  /// The maximum number of fields counted per query.
  private static let countsPerQuery = 200

  /// Returns the fields of the events of a range and some log groups, most frequent first.
  ///
  /// - Throws: `StoreError`.
  public func fieldShares(options: Binder.Options) throws -> [FieldShare] {
    let discovered = try fields().rows.prefix(Self.fieldLimit).compactMap { row -> String? in
      guard case .text(let name) = row[0], !name.contains("`") else { return nil }
      return name
    }
    let system = Relation.events.columns.map(\.name).filter { $0 != "@ptr" }
    let names = system + discovered.filter { !system.contains($0) }
    var shares: [FieldShare] = []
    for start in stride(from: 0, to: names.count, by: Self.countsPerQuery) {
      let part = names[start..<min(start + Self.countsPerQuery, names.count)]
      let counts = part.map { "count(`\($0)`)" }.joined(separator: ", ")
      let query = SourceText("stats count(*), \(counts)", name: "fields")
      guard let row = try answer(query, options: options).table.rows.first,
        case .integer(let total) = row[0], total > 0
      else { return [] }
      for (name, value) in zip(part, row.dropFirst()) {
        guard case .integer(let count) = value, count > 0 else { continue }
        let percent = (count * 200 + total) / (total * 2)
        shares.append(FieldShare(name: name, percent: Int(max(1, percent))))
      }
    }
    return shares.enumerated().sorted {
      ($1.element.percent, $0.offset) < ($0.element.percent, $1.offset)
    }.map(\.element)
  }
}
