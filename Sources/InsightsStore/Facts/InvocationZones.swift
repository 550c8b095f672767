public import InsightsModel
public import InsightsSQLite

/// The ranges of start times for blocks of 4,096 consecutive invocation ids, so that a time range
/// can be found without reading all rows.
///
/// There is a zone for each complete block of ids. Rows after the last block are checked one by
/// one.
public struct InvocationZones {
  /// The number of ids per zone.
  static let length: Int64 = 4096

  private let connection: Connection

  /// Uses a connection to the store.
  public init(connection: Connection) {
    self.connection = connection
  }

  /// Builds the missing zones: those that could not be built while rows were inserted.
  public func update() throws(StoreError) {
    try connection.execute(
      """
      INSERT INTO main.invocation_zones
      SELECT r.id >> 12, min(\(InvocationColumns.start)), max(\(InvocationColumns.start)),
        count(*) > count(r.start_ms)
      FROM main.invocation_rows AS r CROSS JOIN main.\(InvocationColumns.groups)
      WHERE r.id >= (SELECT ifnull(max(id) + 1, 0) FROM main.invocation_zones) << 12
        AND r.id < (SELECT (max(id) + 1) >> 12 << 12 FROM main.invocation_rows)
      GROUP BY r.id >> 12
      """)
  }

  /// Deletes all zones, because ids of deleted rows may be reused.
  static func removeAll(_ connection: Connection) throws(StoreError) {
    try connection.execute("DELETE FROM main.invocation_zones")
  }

  /// Returns a table expression with `invocation_rows` as `r`.
  ///
  /// It has at least the rows that start at ?1 or later and before ?2, unless these are NULL; with
  /// `timeless` also all rows without a start.
  static func rows(timeless: Bool = false) -> String {
    """
    \(ranges(timeless: timeless)) AS zone
    CROSS JOIN main.invocation_rows AS r ON r.id BETWEEN zone.low AND zone.high
    """
  }

  /// Returns a table expression for the same rows with the columns `low` and `high`: the first and
  /// the last id of each zone, ascending.
  static func ranges(timeless: Bool) -> String {
    ranges(
      where: """
        (?1 IS NULL OR max_start_ms >= ?1) AND (?2 IS NULL OR min_start_ms < ?2)
        \(timeless ? "OR has_timeless = 1" : "")
        """)
  }

  /// A table expression like `ranges`, for zones that contain rows without a start.
  static let timelessRanges = ranges(where: "has_timeless = 1")

  private static func ranges(where condition: String) -> String {
    """
    (SELECT id << 12 AS low, (id << 12) + 4095 AS high FROM main.invocation_zones
       WHERE \(condition)
     UNION ALL
     SELECT * FROM (
       SELECT (SELECT ifnull(max(id) + 1, 0) FROM main.invocation_zones) << 12 AS low,
         (SELECT max(id) FROM main.invocation_rows) AS high)
     WHERE low <= high)
    """
  }
}
