public import InsightsStore
public import InsightsThreads
internal import InsightsIngest
internal import InsightsText

/// Asks a ClickHouse server over HTTP, from threads that may wait.
///
/// Any number of threads may ask at once. Every statement goes out in the body of a request of its own; what
/// a user typed goes along as parameters, which the server never takes for SQL.
public final class ClickHouseClient: Sendable {
  public let address: ClickHouseAddress
  /// Whether bodies are compressed; not worth it within one machine.
  private let compresses: Bool

  public init(_ address: ClickHouseAddress, compresses: Bool? = nil) {
    self.address = address
    let isNear = ["localhost", "127.0.0.1", "::1"].contains(address.host)
    self.compresses = compresses ?? !isNear
  }

  /// The most bytes that parameters and settings take in the address of a request; a server takes 1 MiB.
  public static let parameterByteLimit = 900 << 10

  /// Asks for rows, which come in the format `RowBinaryWithNamesAndTypes` unless another one is named.
  ///
  /// `parameters` are the values of `{name:Type}` in the statement, as texts. With `isWhole`, the server
  /// sends nothing before it has all rows: for few rows, so that an error comes instead of them.
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
      // The server had closed a connection that was kept open, just as it was used again.
      return try begin(sql, parameters, settings, extra, cancellation)
    }
  }

  private func begin(
    _ sql: String, _ parameters: [String: String], _ settings: [String: String],
    _ extra: [(String, String)], _ cancellation: Cancellation
  ) throws(StoreError) -> ClickHouseAnswer {
    let answer = try ClickHouseAnswer(
      self, extra, parameters, settings, body: Array(sql.utf8), cancellation)
    try answer.begin()
    return answer
  }

  /// Runs a statement that gives no rows.
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

  /// Stores rows: `statement` is an `INSERT INTO … FORMAT …`, and `next` gives the bytes behind it piece by
  /// piece, `nil` at the end.
  ///
  /// With a `token`, the server stores rows once that come twice under it.
  ///
  /// - Throws: as for rows, and what `next` throws, which ends it without anything stored of what
  ///   the server has not taken in as a whole block.
  public func insert(
    _ statement: String, token: String? = nil, settings: [String: String] = [:],
    cancellation: Cancellation, next: () throws(StoreError) -> [UInt8]?
  ) throws(StoreError) -> InsertSummary {
    var settings = settings
    // Whole batches are sent, and one that was taken in has to be there.
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

  /// What a server says it has stored.
  public struct InsertSummary: Sendable {
    public let rowCount: Int
    public let byteCount: Int
  }

  /// The server's version, such as `26.9.2.1`; fails where there is no server, no such user or no such database.
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

  /// Ends a query that runs on the server, and does not wait until it has ended.
  ///
  /// Best effort: one that cannot be ended comes to its end by itself, or by its limits.
  func kill(_ queryID: String) {
    let cancellation = Cancellation(deadline: .now + .seconds(2))
    try? execute(
      "KILL QUERY WHERE query_id = {id:String} ASYNC", parameters: ["id": queryID],
      cancellation: cancellation)
  }

  /// The address of a request.
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
      append("param_" + name, Self.escaped(value))
    }
    guard bytes.count <= Self.parameterByteLimit else {
      throw .limitReached(
        .statement(reason: "its texts take more than \(Self.parameterByteLimit >> 10) KB"))
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A parameter as the server reads it: TSV's escapes; a bare tab would end it.
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

  /// The header fields of a request.
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
