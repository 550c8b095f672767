internal import InsightsEngine
internal import InsightsModel
internal import InsightsQuery
public import InsightsStore
internal import InsightsText
internal import InsightsThreads

/// The log groups and log streams of a store, with the values that listings show.
///
/// Groups are sorted by the bytes of their names, and so are the streams of each.
public struct LogCatalogue: Sendable {
  /// A log group.
  public struct Group: Sendable {
    /// The name.
    public var name: String
    /// The properties that were set over the API.
    public var properties = LogGroupProperties()
    /// When it was created over the API, in epoch milliseconds; otherwise `nil`.
    var created: Int64?
    /// Twelve digits.
    public var account: String
    /// The named streams, sorted.
    public var streams: [Stream]
    /// The events without a stream name.
    var nameless: Stream?

    /// When it was created over the API, otherwise the time of the first event, otherwise 0; in
    /// epoch milliseconds.
    public var creationTime: Int64 { created ?? firstTimestamp ?? 0 }
    /// The number of events.
    public var eventCount: Int64 { all.reduce(0) { $0 + $1.eventCount } }
    /// The time of the first event, in epoch milliseconds; `nil` if no event has a time.
    public var firstTimestamp: Int64? { all.compactMap(\.firstTimestamp).min() }
    /// The time of the last event, in epoch milliseconds; `nil` if no event has a time.
    public var lastTimestamp: Int64? { all.compactMap(\.lastTimestamp).max() }
    private var all: [Stream] { streams + (nameless.map { [$0] } ?? []) }
    /// The size of the messages in bytes, estimated from the number of events.
    public var storedBytes: Int64 = 0
  }

  /// A log stream.
  public struct Stream: Sendable {
    /// The name.
    public var name: String
    /// The number of events.
    public var eventCount: Int64 = 0
    /// The time of the first event, in epoch milliseconds; `nil` if no event has a time.
    public var firstTimestamp: Int64?
    /// The time of the last event, in epoch milliseconds; `nil` if no event has a time.
    public var lastTimestamp: Int64?
    /// When the last event was ingested, in epoch milliseconds; `nil` if that is not known of any.
    var lastIngestion: Int64?
    /// When it was created over the API, in epoch milliseconds; otherwise `nil`.
    var created: Int64?

    /// When it was created over the API, otherwise the time of the first event, otherwise 0; in
    /// epoch milliseconds.
    public var creationTime: Int64 { created ?? firstTimestamp ?? 0 }
    /// When the last event was ingested, or of events from files the time of the last one; in epoch
    /// milliseconds.
    var lastIngestionTime: Int64? { lastIngestion ?? lastTimestamp }

    fileprivate mutating func add(_ other: Stream) {
      eventCount += other.eventCount
      firstTimestamp = [firstTimestamp, other.firstTimestamp].compactMap(\.self).min()
      lastTimestamp = [lastTimestamp, other.lastTimestamp].compactMap(\.self).max()
      lastIngestion = [lastIngestion, other.lastIngestion].compactMap(\.self).max()
    }
  }

  /// All groups, sorted.
  public var groups: [Group] = []

  /// Returns the group with a name; `nil` if there is none.
  public func group(_ name: String) -> Group? { groups.first { $0.name == name } }

  /// Reads the current content of a store.
  ///
  /// - Throws: `StoreError`.
  init(_ engine: Engine) throws {
    let table = try engine.logStreamsWithIngestion()
    let byName = Self.streams(in: table)
    let eventCount = table.rows.reduce(0) { $0 + ($1[2].integer ?? 0) }
    let bytesPerEvent = Double(try engine.messageByteCount()) / Double(max(eventCount, 1))
    for known in try engine.logGroups() {
      var streams = byName[known.name] ?? [:]
      let nameless = streams.removeValue(forKey: "")
      for stream in try engine.logStreams(ofGroup: known.name) {
        streams[stream.name, default: Stream(name: stream.name)].created = stream.created
      }
      var group = Group(
        name: known.name, properties: known.properties, created: known.created,
        account: known.account ?? AccountNumber.unknown,
        streams: streams.values.sorted { $0.name.isBefore($1.name) }, nameless: nameless)
      group.storedBytes = Int64((Double(group.eventCount) * bytesPerEvent).rounded())
      groups.append(group)
    }
    groups.sort { $0.name.isBefore($1.name) }
  }

  /// Returns the streams with events, by the names of their group and their own.
  ///
  /// Groups with the same name in two accounts are combined, since the API has one account.
  private static func streams(in table: ResultTable) -> [String: [String: Stream]] {
    var byName: [String: [String: Stream]] = [:]
    for row in table.rows {
      guard case .text(let log) = row[0], let colon = log.firstIndex(of: ":") else { continue }
      let group = String(log[log.index(after: colon)...])
      let name: String = if case .text(let name) = row[1] { name } else { "" }
      let stream = Stream(
        name: name, eventCount: row[2].integer ?? 0, firstTimestamp: row[3].integer,
        lastTimestamp: row[4].integer, lastIngestion: row[5].integer)
      byName[group, default: [:]][name, default: Stream(name: name)].add(stream)
    }
    return byName
  }
}

extension Value {
  /// The value as an integer; otherwise `nil`.
  var integer: Int64? {
    switch self {
    case .integer(let number): number
    case .real(let number): Int64(exactly: number)
    case .null, .text, .wide: nil
    }
  }
}

extension LogService {
  /// Returns the current log groups and streams of the store.
  ///
  /// They are counted again only if the store has changed since.
  ///
  /// - Throws: `StoreError`.
  public func catalogue() throws -> LogCatalogue {
    try withEngine { engine in
      let version = try engine.contentVersion()
      if let known = knownCatalogue.withLock({ $0 }), known.version == version {
        return known.catalogue
      }
      let catalogue = try LogCatalogue(engine)
      knownCatalogue.withLock { $0 = (version, catalogue) }
      return catalogue
    }
  }
}
