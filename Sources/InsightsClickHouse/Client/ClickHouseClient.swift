public import InsightsModel
public import InsightsThreads
internal import InsightsIngest
internal import InsightsText

/// Sends statements to a ClickHouse server over HTTP, from threads that may block.
///
/// It can be used by any number of threads. Every statement is the body of a separate request; user
/// input is passed as parameters, which the server never parses as SQL.
public final class ClickHouseClient: Sendable {
  /// The address of the server.
  public let address: ClickHouseAddress
  /// Whether bodies are compressed, which is not useful within one machine.
  private let compresses: Bool

  /// Makes a client; by default it compresses unless the server is on this machine.
  public init(_ address: ClickHouseAddress, compresses: Bool? = nil) {
    self.address = address
    let isNear = ["localhost", "127.0.0.1", "::1"].contains(address.host)
    self.compresses = compresses ?? !isNear
  }

  /// The maximum size in bytes of parameters and settings in a URL; a server accepts 1 MiB.
  public static let parameterByteLimit = 900 << 10
  /// The maximum size in bytes of one parameter, by the setting `http_max_field_value_size`.
  public static let valueByteLimit = (128 << 10) - 1

  /// Runs a query; rows have the format `RowBinaryWithNamesAndTypes` unless another one is given.
  ///
  /// `parameters` are the values of `{name:Type}` in the statement, as texts. With `isWhole`, the
  /// server sends nothing before it has all rows: for few rows, so that an error replaces them.
  ///
  /// - Throws: `StoreError.remote`, `.interrupted`, `.timedOut`.
  public func query(
    _ sql: String, parameters: [String: String] = [:], settings: [String: String] = [:],
    format: String = "RowBinaryWithNamesAndTypes", isWhole: Bool = false,
    cancellation: Cancellation
  ) throws(StoreError) -> ClickHouseAnswer {
    var extra = [("default_format", format)]
    if isWhole { extra.append(("wait_end_of_query", "1")) }
    do throws(StoreError) {
      return try begin(sql, parameters, settings, extra, cancellation)
    } catch .remote(let failure) where failure == .closedConnection(to: address) {
      // The server closed an idle connection just as it was reused.
      return try begin(sql, parameters, settings, extra, cancellation)
    }
  }

  /// Sends a query without parameters, and does not wait for the beginning of the reply.
  func send(_ sql: String, cancellation: Cancellation) throws(StoreError) -> ClickHouseAnswer {
    try ClickHouseAnswer(
      self, [("default_format", "RowBinaryWithNamesAndTypes")], [:], [:], body: Array(sql.utf8),
      cancellation)
  }

  private func begin(
    _ sql: String, _ parameters: [String: String], _ settings: [String: String],
    _ extra: [(String, String)], _ cancellation: Cancellation, isKilled: Bool = true
  ) throws(StoreError) -> ClickHouseAnswer {
    let answer = try ClickHouseAnswer(
      self, extra, parameters, settings, body: Array(sql.utf8), cancellation,
      isKilled: isKilled)
    try answer.begin()
    return answer
  }

  /// Runs a statement without results.
  ///
  /// - Throws: as for rows.
  public func execute(
    _ sql: String, parameters: [String: String] = [:], settings: [String: String] = [:],
    cancellation: Cancellation
  ) throws(StoreError) {
    let answer = try begin(
      sql, parameters, settings, [("wait_end_of_query", "1")], cancellation)
    while try answer.next() != nil {}
  }

  /// Stores rows: `statement` is an `INSERT INTO … FORMAT …`, and `next` returns the data after it
  /// in chunks, `nil` at the end.
  ///
  /// With a `token`, the server stores rows once even if they are sent twice with it.
  ///
  /// - Throws: as for rows, and what `next` throws, which ends the insert; only complete blocks
  ///   that the server has received are stored then.
  public func insert(
    _ statement: String, token: String? = nil, settings: [String: String] = [:],
    cancellation: Cancellation, next: () throws(StoreError) -> [UInt8]?
  ) throws(StoreError) -> InsertSummary {
    var settings = settings
    // Whole batches are sent, and an accepted one must be stored.
    settings["async_insert"] = "0"
    if let token { settings["insert_deduplication_token"] = token }
    let answer = try ClickHouseAnswer(
      self, [("query", statement), ("wait_end_of_query", "1")], [:], settings, body: nil,
      cancellation, isWrite: true)
    while let chunk = try next() {
      guard try answer.send(compresses ? Gzip.compressed(chunk, effort: .fast) ?? chunk : chunk)
      else { break }
    }
    answer.endOfBody()
    try answer.begin()
    while try answer.next() != nil {}
    return InsertSummary(
      rowCount: answer.summary["written_rows"] ?? 0,
      byteCount: answer.summary["written_bytes"] ?? 0)
  }

  /// What a server reports about an insert.
  public struct InsertSummary: Sendable {
    /// The number of rows stored.
    public let rowCount: Int
    /// The number of bytes stored.
    public let byteCount: Int
  }

  /// Returns the server's version, such as `26.9.2.1`; fails if there is no server, user or
  /// database.
  ///
  /// - Throws: as for rows.
  public func version(cancellation: Cancellation) throws(StoreError) -> String {
    let answer = try query(
      "SELECT version()", format: "TabSeparatedRaw", isWhole: true, cancellation: cancellation)
    var bytes: [UInt8] = []
    while let chunk = try answer.next() { bytes += chunk }
    if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Cancels a query on the server, without waiting for its end.
  ///
  /// Failure is ignored: the query then ends by itself, or by its limits.
  func kill(_ queryID: String) {
    let cancellation = Cancellation(deadline: .now + .seconds(2))
    do throws(StoreError) {
      // If the server does not reply, no second cancellation is sent for this statement.
      let answer = try begin(
        "KILL QUERY WHERE query_id = {id:String} ASYNC", ["id": queryID], [:],
        [("wait_end_of_query", "1")], cancellation, isKilled: false)
      while try answer.next() != nil {}
    } catch {}
  }

  /// Returns the URL of a request.
  func url(
    _ extra: [(String, String)], parameters: [String: String], settings: [String: String],
    queryID: String
  ) throws(StoreError) -> String {
    var bytes = Array("\(address.url)?".utf8)
    func append(_ name: String, _ value: [UInt8]) {
      if bytes.last != UInt8(ascii: "?") { bytes.append(UInt8(ascii: "&")) }
      bytes += Array(name.utf8)
      bytes.append(UInt8(ascii: "="))
      value.withUnsafeBufferPointer { PercentEncoding.append($0, to: &bytes) }
    }
    append("database", Array(address.database.utf8))
    append("query_id", Array(queryID.utf8))
    if compresses { append("enable_http_compression", Array("1".utf8)) }
    for (name, value) in extra { append(name, Array(value.utf8)) }
    for (name, value) in settings.sorted(by: { $0.key < $1.key }) {
      append(name, Array(value.utf8))
    }
    for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
      let escaped = Self.escaped(value)
      guard escaped.count <= Self.valueByteLimit else {
        throw .limitReached(.statement(reason: "one of its texts takes more than 128 KB"))
      }
      append("param_" + name, escaped)
    }
    guard bytes.count <= Self.parameterByteLimit else {
      throw .limitReached(
        .statement(reason: "its texts take more than \(Self.parameterByteLimit >> 10) KB"))
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Escapes a parameter like TSV, since a tab would end it.
  private static func escaped(_ text: String) -> [UInt8] {
    var output: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\\"): output += Array("\\\\".utf8)
      case UInt8(ascii: "\t"): output += Array("\\t".utf8)
      case UInt8(ascii: "\n"): output += Array("\\n".utf8)
      case UInt8(ascii: "\r"): output += Array("\\r".utf8)
      case 0: output += Array("\\0".utf8)
      default: output.append(byte)
      }
    }
    return output
  }

  /// Returns the header fields of a request.
  func fields(hasPieces: Bool) -> [(String, String)] {
    var fields = [("X-ClickHouse-User", address.user)]
    if !address.password.isEmpty { fields.append(("X-ClickHouse-Key", address.password)) }
    if compresses {
      fields.append(("Accept-Encoding", "gzip"))
      if hasPieces { fields.append(("Content-Encoding", "gzip")) }
    }
    return fields
  }
}
