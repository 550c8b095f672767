internal import InsightsEngine
internal import InsightsModel
internal import InsightsQuery
public import InsightsStore
internal import InsightsText
internal import InsightsThreads

/// The log groups and log streams of a store, with what listings tell of them.
///
/// Groups are in the order of the bytes of their names, and so are the streams of each.
public struct LogCatalogue: Sendable {
  public struct Group: Sendable {
    public var name: String
    /// What the API was told of it.
    public var properties = LogGroupProperties()
    /// When the API made it, epoch milliseconds.
    var created: Int64?
    /// Twelve digits.
    public var account: String
    public var streams: [Stream]
    /// The events whose stream the input did not say.
    var nameless: Stream?

    /// When the API made it, else the first event's time; where none is known the beginning of time.
    public var creationTime: Int64 { created ?? firstTimestamp ?? 0 }
    public var eventCount: Int64 { all.reduce(0) { $0 + $1.eventCount } }
    /// Epoch milliseconds; `nil` where no event has a time.
    public var firstTimestamp: Int64? { all.compactMap(\.firstTimestamp).min() }
    public var lastTimestamp: Int64? { all.compactMap(\.lastTimestamp).max() }
    private var all: [Stream] { streams + (nameless.map { [$0] } ?? []) }
    /// Bytes of the messages: their share of all, by the number of events.
    public var storedBytes: Int64 = 0
  }

  public struct Stream: Sendable {
    public var name: String
    public var eventCount: Int64 = 0
    /// Epoch milliseconds; `nil` where no event has a time.
    public var firstTimestamp: Int64?
    public var lastTimestamp: Int64?
    /// When the API made it, epoch milliseconds.
    var created: Int64?

    /// When the API made it, else the first event's time; where none is known the beginning of time.
    public var creationTime: Int64 { created ?? firstTimestamp ?? 0 }

    fileprivate mutating func add(_ other: Stream) {
      eventCount += other.eventCount
      firstTimestamp = [firstTimestamp, other.firstTimestamp].compactMap(\.self).min()
      lastTimestamp = [lastTimestamp, other.lastTimestamp].compactMap(\.self).max()
    }
  }

  public var groups: [Group] = []

  /// The group of a name; `nil` where there is none.
  public func group(_ name: String) -> Group? { groups.first { $0.name == name } }

  /// What a store holds now.
  ///
  /// - Throws: `StoreError`.
  init(_ engine: Engine) throws {
    let table = try engine.logStreams(options: Binder.Options())
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
        account: known.account ?? ResourceName.unknownAccount,
        streams: streams.values.sorted { $0.name.isBefore($1.name) }, nameless: nameless)
      group.storedBytes = Int64((Double(group.eventCount) * bytesPerEvent).rounded())
      groups.append(group)
    }
    groups.sort { $0.name.isBefore($1.name) }
  }

  /// The streams that have events, by the names of their groups and by their own.
  ///
  /// Two accounts may have groups of one name: to the API, which has one account, they are one.
  private static func streams(in table: ResultTable) -> [String: [String: Stream]] {
    var byName: [String: [String: Stream]] = [:]
    for row in table.rows {
      guard case .text(let log) = row[0], let colon = log.firstIndex(of: ":") else { continue }
      let group = String(log[log.index(after: colon)...])
      let name: String = if case .text(let name) = row[1] { name } else { "" }
      let stream = Stream(
        name: name, eventCount: row[2].integer ?? 0, firstTimestamp: row[3].integer,
        lastTimestamp: row[4].integer)
      byName[group, default: [:]][name, default: Stream(name: name)].add(stream)
    }
    return byName
  }
}

extension Value {
  /// The whole number that it is.
  var integer: Int64? {
    switch self {
    case .integer(let number): number
    case .real(let number): Int64(exactly: number)
    case .null, .text, .wide: nil
    }
  }
}

extension LogService {
  /// The log groups and streams of the store, as they are now.
  ///
  /// Counted anew only where the store has changed since.
  ///
  /// - Throws: `StoreError`.
  public func catalogue() throws -> LogCatalogue {
    let engine = try engine()
    let version = try engine.contentVersion()
    if let known = knownCatalogue.withLock({ $0 }), known.version == version {
      return known.catalogue
    }
    let catalogue = try LogCatalogue(engine)
    knownCatalogue.withLock { $0 = (version, catalogue) }
    return catalogue
  }
}
