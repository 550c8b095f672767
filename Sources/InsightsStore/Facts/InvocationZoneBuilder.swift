internal import InsightsModel
internal import InsightsSQLite

/// Builds the zones of invocations while these are inserted, in the order of their ids.
///
/// Reading them all again at the end would take 1 % of the time of an ingest. It stops if ids are
/// not consecutive; `InvocationZones.update` then builds what is missing.
final class InvocationZoneBuilder {
  private struct Zone {
    var id: Int64
    var leastStart = Int64.max
    var greatestStart = Int64.min
    var hasTimeless = false

    mutating func add(_ start: Int64?) {
      guard let start else {
        hasTimeless = true
        return
      }
      leastStart = min(leastStart, start)
      greatestStart = max(greatestStart, start)
    }
  }

  private let connection: Connection
  private let insertion: Statement
  /// The zone of the next rows; `nil` once building has stopped.
  private var zone: Zone?
  /// The id of the next row, unless other connections have inserted rows.
  private var nextID: Int64

  init(connection: Connection) throws(StoreError) {
    self.connection = connection
    insertion = try connection.prepare(
      "INSERT OR REPLACE INTO main.invocation_zones VALUES (?1, ?2, ?3, ?4)")
    let last = try connection.prepare("SELECT max(id) FROM main.invocation_rows")
    nextID = try last.step() ? last.integer(at: 0) + 1 : 1
    let zones = try connection.prepare("SELECT max(id) + 1 FROM main.invocation_zones")
    var zone = Zone(id: try zones.step() ? zones.integer(at: 0) : 0)
    // The rows after the last zone; they are few unless zones are missing.
    let rows = try connection.prepare(
      """
      SELECT r.id, \(InvocationColumns.start)
      FROM main.invocation_rows AS r CROSS JOIN main.\(InvocationColumns.groups)
      WHERE r.id >= ?1 ORDER BY r.id LIMIT ?2
      """)
    rows.bind(zone.id * InvocationZones.length, at: 1)
    rows.bind(InvocationZones.length, at: 2)
    while try rows.step() {
      guard rows.integer(at: 0) / InvocationZones.length == zone.id else { return }
      zone.add(rows.optionalInteger(at: 1))
    }
    self.zone = zone
  }

  /// Adds rows that have just been inserted, the first with this id.
  func add(_ rows: Range<Int>, of invocations: InvocationRows, firstID: Int64) throws(StoreError) {
    guard var zone else { return }
    guard firstID == nextID else {
      // Rows were deleted, and their ids reused; or another connection has inserted rows.
      try connection.execute(
        "DELETE FROM main.invocation_zones WHERE id >= \(firstID / InvocationZones.length)")
      return giveUp()
    }
    for (offset, row) in rows.enumerated() {
      let id = firstID + Int64(offset)
      if id / InvocationZones.length != zone.id {
        guard id / InvocationZones.length == zone.id + 1 else { return giveUp() }
        try insert(zone)
        zone = Zone(id: zone.id + 1)
      }
      zone.add(invocations.start(ofRow: row))
    }
    nextID = firstID + Int64(rows.count)
    self.zone = zone
  }

  /// Leaves zones to `InvocationZones.update` from now on.
  func giveUp() { zone = nil }

  private func insert(_ zone: Zone) throws(StoreError) {
    let hasStarts = zone.leastStart <= zone.greatestStart
    insertion.bind(zone.id, at: 1)
    insertion.bind(hasStarts ? zone.leastStart : nil, at: 2)
    insertion.bind(hasStarts ? zone.greatestStart : nil, at: 3)
    insertion.bind(Int64(zone.hasTimeless ? 1 : 0), at: 4)
    try insertion.run()
  }
}
