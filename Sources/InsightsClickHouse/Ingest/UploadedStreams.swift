internal import InsightsModel
internal import InsightsStore

/// The log streams of a store that is uploaded, by their ids in the store.
struct UploadedStreams {
  /// A stream, with the time range of its events that are identified by content.
  struct Stream {
    let names: StreamTable.Names
    /// The key of the stream on the server.
    let key: StreamKey
    var hasKnownPlace: Bool { names.logGroup != nil || names.logStream != nil }
    /// The range of times of those events; `nil` if there are none.
    var times: ClosedRange<Int64>?
    var hasFacts = false
  }

  private let table: StreamTable
  private(set) var streams: [Int64: Stream] = [:]
  private(set) var ids: [StreamKey: Int64] = [:]

  init(of store: Store) throws(StoreError) {
    table = try StreamTable(connection: store.connection)
  }

  /// Returns a stream by its id; reads it on first use.
  mutating func stream(_ id: Int64) throws(StoreError) -> Stream {
    if let stream = streams[id] { return stream }
    let names = try table.names(of: id)
    let stream = Stream(names: names, key: StreamKey(names))
    streams[id] = stream
    ids[stream.key] = id
    return stream
  }

  mutating func note(time: Int64, ofStream id: Int64) {
    guard let times = streams[id]?.times else {
      streams[id]?.times = time...time
      return
    }
    if !times.contains(time) {
      streams[id]?.times = min(times.lowerBound, time)...max(times.upperBound, time)
    }
  }

  mutating func noteFact(ofStream id: Int64) { streams[id]?.hasFacts = true }
}

/// The key of a stream on a server; missing values are empty texts.
struct StreamKey: Hashable, Comparable {
  var account: String
  var logGroup: String
  var logStream: String
  var attributes: String

  init(_ names: StreamTable.Names) {
    account = names.account ?? ""
    logGroup = names.logGroup ?? ""
    logStream = names.logStream ?? ""
    attributes = names.attributes?.json ?? ""
  }

  /// Reads the key from a row, whose columns from `column` on are `columns`.
  init(_ row: ClickHouseRows.Row, at column: Int = 0) {
    account = row.text(column)
    logGroup = row.text(column + 1)
    logStream = row.text(column + 2)
    attributes = row.text(column + 3)
  }

  /// The names of the stream.
  var names: StreamTable.Names {
    func name(_ text: String) -> String? { text.isEmpty ? nil : text }
    return StreamTable.Names(
      account: name(account), logGroup: name(logGroup), logStream: name(logStream),
      attributes: StreamTable.Attributes(json: name(attributes)))
  }

  static let columns = "account, log_group, log_stream, attributes"

  var texts: [String] { [account, logGroup, logStream, attributes] }
  var byteCount: Int { texts.reduce(0) { $0 + $1.utf8.count } }

  static func < (one: StreamKey, other: StreamKey) -> Bool {
    one.texts.lexicographicallyPrecedes(other.texts)
  }
}

/// A condition of a statement that selects some streams.
struct StreamCondition {
  /// The maximum number of streams in a statement, and of bytes of their names.
  static let streamLimit = 500
  static let byteLimit = 64 << 10
  /// The maximum number of groups in a statement; a name has up to 512 bytes.
  static let groupLimit = 200

  let text =
    "(\(StreamKey.columns)) IN arrayZip({accounts:Array(String)}, {groups:Array(String)}, "
    + "{streams:Array(String)}, {attributes:Array(String)})"
    // The sorting key of the table begins with the group.
    + " AND log_group IN {groups:Array(String)}"
  let parameters: [String: ClickHouseParameter]

  init(_ keys: some Sequence<StreamKey>) {
    let keys = Array(keys)
    parameters = [
      "accounts": .texts(keys.map(\.account)), "groups": .texts(keys.map(\.logGroup)),
      "streams": .texts(keys.map(\.logStream)), "attributes": .texts(keys.map(\.attributes)),
    ]
  }

  /// Divides streams into batches that fit in one statement, in order.
  static func batches(of keys: [StreamKey]) -> [[StreamKey]] {
    var batches: [[StreamKey]] = []
    var byteCount = 0
    for key in keys.sorted() {
      byteCount += key.byteCount
      if batches.isEmpty || batches[batches.count - 1].count >= streamLimit
        || byteCount > byteLimit
      {
        batches.append([])
        byteCount = key.byteCount
      }
      batches[batches.count - 1].append(key)
    }
    return batches
  }
}
