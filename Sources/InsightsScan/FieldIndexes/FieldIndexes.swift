internal import InsightsSegments
internal import InsightsModel
internal import InsightsSQLite

/// Determines by the field indexes of a store which segments a scan can skip.
///
/// Not thread-safe.
final class FieldIndexes {
  private let conditions: [FieldIndexCondition]
  private let selectFilter: Statement
  /// The fields whose indexes are used, each once.
  let fields: [String]

  /// `nil` if no condition uses an indexed field.
  init?(
    for conditions: [ScanNode], fieldIDs: [[UInt8]: Int64], connection: Connection
  ) throws(StoreError) {
    var indexes: [FieldSource: FieldIndexTable.Index] = [:]
    for index in try FieldIndexTable(connection: connection).indexes() {
      indexes[FieldSource(field: index.field, fieldIDs: fieldIDs)] = index
    }
    if indexes.isEmpty { return nil }
    self.conditions = conditions.map { FieldIndexCondition($0, indexes: indexes) }
      .filter { !$0.fields.isEmpty }
    fields = Set(self.conditions.flatMap(\.fields)).sorted()
    if fields.isEmpty { return nil }
    selectFilter = try connection.prepare(
      """
      SELECT data FROM main.field_index_filters
      WHERE field_index_id = ?1 AND segment_id = ?2
      """)
  }

  /// Returns false only if the indexes exclude that an event of the segment meets all conditions.
  func mayMatch(_ directory: SegmentDirectory) throws(StoreError) -> Bool {
    for condition in conditions where try !mayMatch(condition, directory) { return false }
    return true
  }

  private func mayMatch(
    _ condition: FieldIndexCondition, _ directory: SegmentDirectory
  ) throws(StoreError) -> Bool {
    switch condition {
    case .all(let parts):
      for part in parts where try !mayMatch(part, directory) { return false }
      return true
    case .any(let parts):
      for part in parts where try mayMatch(part, directory) { return true }
      return false
    case .values(let index, let keys, let node):
      guard directory.mayMatch(node) else { return false }
      selectFilter.bind(index.id, at: 1)
      selectFilter.bind(directory.id, at: 2)
      defer { selectFilter.reset() }
      guard try selectFilter.step() else { return true }
      let filter = selectFilter.blob(at: 0)
      return keys.contains { FieldIndexFilter.mayContain($0, in: filter) }
    case .other(let node): return directory.mayMatch(node)
    }
  }
}
