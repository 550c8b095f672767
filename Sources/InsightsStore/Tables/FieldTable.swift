/// The table `fields`: the discovered fields and how many events have them.
public final class FieldTable {
  private let addCount: Statement

  public init(connection: Connection) throws(StoreError) {
    addCount = try connection.prepare(
      """
      INSERT INTO fields (name, event_count) VALUES (?1, ?2)
      ON CONFLICT (name) DO UPDATE SET event_count = event_count + excluded.event_count
      """)
  }

  /// Adds `eventCount` events to those that have the field.
  public func add(name: String, eventCount: Int) throws(StoreError) {
    addCount.bind(name, at: 1)
    addCount.bind(Int64(eventCount), at: 2)
    try addCount.run()
  }
}
