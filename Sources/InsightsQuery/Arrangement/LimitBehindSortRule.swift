/// A `limit` before the `sort` is applied after it.
enum LimitBehindSortRule: ArrangementRule {
  static func apply(to commands: inout [any Command], of source: SourceText) -> [Diagnostic] {
    let start = commands.lastIndex { $0.has(.aggregates) } ?? commands.startIndex
    let sorts = commands.indices.filter { $0 >= start && commands[$0].has(.sorts) }
    let limits = commands.indices.filter { $0 >= start && commands[$0].has(.limits) }
    guard sorts.count == 1, limits.count == 1, limits[0] < sorts[0],
      !commands[start...].contains(where: { $0.has(.deduplicates) })
    else { return [] }
    let limit = commands.remove(at: limits[0])
    commands.insert(limit, at: sorts[0])
    return []
  }
}
