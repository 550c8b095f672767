internal import InsightsModel
internal import InsightsSQLite
internal import InsightsText

/// The names and common properties of log streams and groups, by `log_streams.id`.
///
/// Names are read on first use, and the most recent are kept: a store may have a million streams.
package final class StreamNames {
  /// The maximum number of streams whose names are kept, some 200 bytes each.
  private static let limit = 1 << 14
  /// The same between the queries of a store that stays open, whose threads each keep some.
  private static let keptLimit = 1 << 9

  /// The names of a stream; `nil` is NULL.
  private struct Names {
    var stream: [UInt8]?
    var group: [UInt8]?
    /// The group with its account, as in `@log`.
    var log: [UInt8]?
    /// Whether the carrier of the events contains more attributes.
    var hasAttributes = false
  }

  private var known: [Int64: Names] = [:]
  private var attributes: [Int64: [String: [UInt8]]] = [:]
  private let select: Statement
  private let selectAttributes: Statement

  init(connection: Connection) throws(StoreError) {
    select = try connection.prepare(
      """
      SELECT s.id, s.name, g.name, ifnull(g.account, '\(AccountNumber.unknown)') || ':' || g.name,
        s.attributes IS NOT NULL
      FROM main.log_streams AS s JOIN main.log_groups AS g ON g.id = s.log_group_id
      WHERE s.id BETWEEN ?1 AND ?2
      """)
    selectAttributes = try connection.prepare(
      """
      SELECT a.key, a.value FROM main.log_streams AS s, json_each(s.attributes) AS a
      WHERE s.id = ?1 AND s.attributes IS NOT NULL
      """)
  }

  /// Returns the value of `source` for each of some streams, with texts in `arena`.
  ///
  /// It is the name of the stream, of its group, or of the group with the account, or an attribute.
  func cells(
    _ source: FieldSource, ofStreams ids: [Int64], in arena: TextArena
  ) throws(StoreError) -> [Cell] {
    try read(ids)
    var cells: [Cell] = []
    cells.reserveCapacity(ids.count)
    for id in ids {
      let text = try text(source, of: id, known[id] ?? Names())
      cells.append(text.map { arena.cell(copying: $0) } ?? .null)
    }
    return cells
  }

  /// Forgets the names if they are too many to be kept between queries.
  func limitKnown() {
    guard known.count > Self.keptLimit else { return }
    known = [:]
    attributes = [:]
  }

  private func text(
    _ source: FieldSource, of id: Int64, _ names: Names
  ) throws(StoreError) -> [UInt8]? {
    switch source {
    case .system(.logStream): return names.stream
    case .system(.logGroup): return names.group
    case .attribute(let name):
      guard names.hasAttributes else { return nil }
      if let known = attributes[id] { return known[name] }
      let values = try readAttributes(of: id)
      attributes[id] = values
      return values[name]
    default: return names.log
    }
  }

  private func read(_ ids: [Int64]) throws(StoreError) {
    let missing = ids.filter { known[$0] == nil }.sorted()
    guard !missing.isEmpty else { return }
    if known.count + missing.count > Self.limit {
      known.removeAll(keepingCapacity: true)
      attributes.removeAll()
      return try read(sorted: Set(ids).sorted())
    }
    try read(sorted: missing)
  }

  private func read(sorted ids: [Int64]) throws(StoreError) {
    var start = 0
    while start < ids.count {
      // The streams of a segment mostly have consecutive ids, so one statement reads many.
      var end = start + 1
      while end < ids.count, ids[end] - ids[end - 1] <= 4 { end += 1 }
      select.bind(ids[start], at: 1)
      select.bind(ids[end - 1], at: 2)
      defer { select.reset() }
      while try select.step() {
        known[select.integer(at: 0)] = Names(
          stream: bytes(at: 1), group: bytes(at: 2), log: bytes(at: 3),
          hasAttributes: select.integer(at: 4) != 0)
      }
      start = end
    }
  }

  private func bytes(at index: Int) -> [UInt8]? {
    select.isNull(at: index) ? nil : Array(select.bytes(at: index))
  }

  private func readAttributes(of id: Int64) throws(StoreError) -> [String: [UInt8]] {
    selectAttributes.bind(id, at: 1)
    defer { selectAttributes.reset() }
    var values: [String: [UInt8]] = [:]
    while try selectAttributes.step() {
      values[selectAttributes.text(at: 0)] = Array(selectAttributes.bytes(at: 1))
    }
    return values
  }
}
