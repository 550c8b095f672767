internal import InsightsSQLite
internal import InsightsModel

/// The common properties of invocations of a log stream, except for the base of their start times.
struct InvocationGroup: Hashable {
  var streamID: Int64
  /// The version of the function.
  var version: String?
  /// The configured memory in megabytes.
  var memory: Int64?

  // The version is left out: it rarely differs, and would take as long to hash as the rest.
  func hash(into hasher: inout Hasher) {
    hasher.combine(streamID)
    hasher.combine(memory)
  }
}

/// The table `invocation_groups`, for adding rows.
///
/// Starts are stored relative to the first start of the group. A new group begins when the
/// difference no longer fits in three bytes (2.3 hours), and with every connection.
final class InvocationGroups {
  typealias Place = (id: Int64, base: Int64)

  private static let reach: ClosedRange<Int64> = -0x80_0000...0x7F_FFFF
  /// The maximum number of groups whose ids are cached.
  private static let rememberedLimit = 1 << 16

  private let connection: Connection
  private let insertion: Statement
  private let deletion: Statement
  private var places: [InvocationGroup: Place] = [:]
  /// The most recently used group; consecutive invocations mostly share one.
  private var last: (group: InvocationGroup, place: Place)?

  init(connection: Connection) throws(StoreError) {
    self.connection = connection
    insertion = try connection.prepare(
      """
      INSERT INTO invocation_groups (log_stream_id, version, memory_mb, base_ms)
      VALUES (?1, ?2, ?3, ?4)
      """)
    deletion = try connection.prepare(
      """
      DELETE FROM invocation_groups
      WHERE log_stream_id IN (SELECT id FROM log_streams WHERE is_stale = 1)
      """)
  }

  /// Returns the id and the base of the group for an invocation with this start.
  func place(of group: InvocationGroup, _ start: Int64?) throws(StoreError) -> Place {
    let known = last?.group == group ? last?.place : places[group]
    if let known {
      last = (group, known)
      guard let start else { return known }
      let (distance, isTooFar) = start.subtractingReportingOverflow(known.base)
      if !isTooFar, Self.reach.contains(distance) { return known }
    }
    insertion.bind(group.streamID, at: 1)
    insertion.bind(group.version, at: 2)
    insertion.bind(group.memory, at: 3)
    insertion.bind(start ?? 0, at: 4)
    try insertion.run()
    let place = (id: connection.lastInsertedID, base: start ?? 0)
    if places.count >= Self.rememberedLimit { places.removeAll(keepingCapacity: true) }
    places[group] = place
    last = (group, place)
    return place
  }

  /// Deletes the groups of stale streams, whose invocations have been deleted.
  func deleteOfStaleStreams() throws(StoreError) {
    try deletion.run()
    places.removeAll(keepingCapacity: true)
    last = nil
  }
}
