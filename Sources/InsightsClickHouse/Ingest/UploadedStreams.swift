internal import InsightsModel
internal import InsightsStore

/// The log streams of a store that is taken to a server, by their numbers in the store.
struct UploadedStreams {
  /// What is known of a stream, and of its events that are compared.
  struct Stream {
    let names: StreamTable.Names
    /// Account, group, stream and attributes, as the key of rows of the server.
    let key: StreamKey
    var hasKnownPlace: Bool { names.logGroup != nil || names.logStream != nil }
    /// The times of the events that are compared.
    var times: ClosedRange<Int64>?
    var hasFacts = false
  }

  private let table: StreamTable
  private(set) var streams: [Int64: Stream] = [:]
  private(set) var ids: [StreamKey: Int64] = [:]

  init(of store: Store) throws(StoreError) {
    table = try StreamTable(connection: store.connection)
  }

  /// The stream with a number, which is read when it is first asked for.
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

/// What a stream is known by on a server: texts that are empty where they are missing.
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

  /// Of a row whose columns from `column` on are those of `columns`.
  init(_ row: ClickHouseRows.Row, at column: Int = 0) {
    account = row.text(column)
    logGroup = row.text(column + 1)
    logStream = row.text(column + 2)
    attributes = row.text(column + 3)
  }

  /// The names that it was made of.
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

/// Some streams as a condition of a statement.
struct StreamCondition {
  /// Streams and bytes of their names that a statement names, at most.
  static let streamLimit = 500
  static let byteLimit = 64 << 10
  /// Groups that a statement names, at most: their names have up to 512 bytes.
  static let groupLimit = 200

  let text =
    "(\(StreamKey.columns)) IN arrayZip({accounts:Array(String)}, {groups:Array(String)}, "
    + "{streams:Array(String)}, {attributes:Array(String)})"
    // The key of the table begins with the group.
    + " AND log_group IN {groups:Array(String)}"
  let parameters: [String: ClickHouseParameter]

  init(_ keys: some Sequence<StreamKey>) {
    let keys = Array(keys)
    parameters = [
      "accounts": .texts(keys.map(\.account)), "groups": .texts(keys.map(\.logGroup)),
      "streams": .texts(keys.map(\.logStream)), "attributes": .texts(keys.map(\.attributes)),
    ]
  }

  /// Puts streams together that one statement can name, in their order.
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
