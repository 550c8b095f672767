public import InsightsModel
internal import InsightsThreads

/// The reply to one statement, chunk by chunk.
///
/// It belongs to one thread. If it is released before its end, the query is cancelled on the
/// server.
public final class ClickHouseAnswer {
  private let client: ClickHouseClient
  private let cancellation: Cancellation
  private let isWrite: Bool
  /// Whether the query is cancelled on the server if the reply is released before its end.
  private let isKilled: Bool
  private let queryID: String
  private var errors = ExceptionBlock(tag: "")
  private var isAtEnd = false
  private var hasBegun = false
  /// The server's summary of its work: `read_rows`, `read_bytes`, `written_rows`, …; incomplete for
  /// a reply that is sent before the query has ended.
  public private(set) var summary: [String: Int] = [:]
  #if ClickHouse
    private let exchange: HTTPExchange
  #endif

  /// Sends the request; without a `body`, that is sent in chunks.
  init(
    _ client: ClickHouseClient, _ extra: [(String, String)], _ parameters: [String: String],
    _ settings: [String: String], body: [UInt8]?, _ cancellation: Cancellation,
    isWrite: Bool = false, isKilled: Bool = true
  ) throws(StoreError) {
    self.client = client
    self.cancellation = cancellation
    self.isWrite = isWrite
    self.isKilled = isKilled
    queryID = "insights-\(UInt64.random(in: .min ... .max))-\(UInt64.random(in: .min ... .max))"
    #if ClickHouse
      let url = try client.url(
        extra, parameters: parameters, settings: settings, queryID: queryID)
      do {
        exchange = try HTTPExchange(
          url: url, fields: client.fields(hasPieces: body == nil), body: body,
          certificateFile: client.address.certificateFile)
      } catch {
        throw .remote(RemoteFailure(transport: error, client.address, hasAnswered: false))
      }
    #else
      throw .remote(
        RemoteFailure(
          .unavailable, "this program was built without ClickHouse",
          help: ["build it with the package trait 'ClickHouse'"]))
    #endif
  }

  deinit {
    #if ClickHouse
      guard !isAtEnd else { return }
      exchange.cancel()
      if isKilled { client.kill(queryID) }
    #endif
  }

  /// Sends a chunk of the body; returns false if the server accepts no more.
  func send(_ chunk: [UInt8]) throws(StoreError) -> Bool {
    #if ClickHouse
      try transporting { try exchange.send(chunk, check: check) }
    #else
      false
    #endif
  }

  func endOfBody() {
    #if ClickHouse
      exchange.endOfBody()
    #endif
  }

  /// Waits for the beginning of the reply.
  func begin() throws(StoreError) {
    #if ClickHouse
      let head = try transporting { try exchange.head(check: check) }
      hasBegun = true
      summary = Self.counts(head.fields["x-clickhouse-summary"] ?? "")
      guard head.status == 200 else {
        var body: [UInt8] = []
        while body.count < ExceptionBlock.byteLimit,
          let chunk = try transporting({ try exchange.receive(check: check) })
        {
          body += chunk
        }
        isAtEnd = true
        throw failure(String(decoding: body, as: UTF8.self), status: head.status)
      }
      errors = ExceptionBlock(tag: head.fields["x-clickhouse-exception-tag"] ?? "")
    #endif
  }

  /// Returns the next bytes; `nil` at the end.
  ///
  /// - Throws: `StoreError.remote`, also for an error after rows, `.interrupted`, `.timedOut`.
  public func next() throws(StoreError) -> [UInt8]? {
    #if ClickHouse
      while !isAtEnd {
        let chunk: [UInt8]?
        do throws(StoreError) {
          chunk = try transporting { try exchange.receive(check: check) }
        } catch .remote(let broken) {
          if let message = errors.message { throw failure(message, status: 200) }
          throw .remote(broken)
        }
        guard let chunk else {
          isAtEnd = true
          if let message = errors.message { throw failure(message, status: 200) }
          let rest = errors.rest()
          return rest.isEmpty ? nil : rest
        }
        let rows = errors.rows(of: chunk)
        if !rows.isEmpty { return rows }
      }
    #endif
    return nil
  }

  /// Throws if the work has to stop.
  private func check() throws {
    if cancellation.check(), let reason = cancellation.reason {
      throw reason == .deadline ? StoreError.timedOut : StoreError.interrupted
    }
  }

  #if ClickHouse
    private func transporting<Result>(_ work: () throws -> Result) throws(StoreError) -> Result {
      do { return try work() } catch let error as StoreError { throw error } catch {
        isAtEnd = true
        let failure = RemoteFailure(transport: error, client.address, hasAnswered: hasBegun)
        guard isWrite, failure.kind == .incomplete else { throw .remote(failure) }
        var written = failure
        written.kind = .writeFailed
        written.help = ["try again; what was stored is not stored twice"]
        throw .remote(written)
      }
    }
  #endif

  private func failure(_ message: String, status: Int) -> StoreError {
    let exception = ServerException(message)
    guard exception.code != 0 || status == 200 else {
      return .remote(
        RemoteFailure(
          .unavailable,
          "what answers at \(client.address.host):\(client.address.port) is no ClickHouse server (HTTP status \(status))",
          notes: exception.text.isEmpty ? [] : [String(exception.text.prefix(200))],
          help: ["check host and port; ClickHouse's HTTP interface has 8123, with TLS 8443"]))
    }
    // The server stopped the statement at its own deadline.
    if exception.code == 159, cancellation.check(), cancellation.reason == .deadline {
      return .timedOut
    }
    var failure = exception.failure(client.address)
    if isWrite, failure.kind == .incomplete { failure.kind = .writeFailed }
    return .remote(failure)
  }

  /// Parses the counts of `{"read_rows":"5",…}`.
  private static func counts(_ json: String) -> [String: Int] {
    var counts: [String: Int] = [:]
    for member in json.split(separator: ",") {
      let parts = member.split(separator: ":")
      guard parts.count == 2 else { continue }
      let name = parts[0].filter { $0.isLetter || $0 == "_" }
      counts[name] = Int(parts[1].filter(\.isNumber))
    }
    return counts
  }
}
