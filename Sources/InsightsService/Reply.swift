public import InsightsText
public import InsightsThreads

/// A request as a transport passes it on.
public struct ServiceRequest: Sendable {
  /// The HTTP method.
  public var method: String
  /// The path without the query string.
  public var path: String
  /// The query string after `?`, as sent; empty without one.
  public var query: String
  /// Names in lower case.
  public var headers: [(name: String, value: String)]
  /// As received, but decompressed.
  public var body: [UInt8]
  /// Signalled when the client disconnects before the reply is complete.
  public var clientGone = OneTimeEvent()

  /// Makes a request.
  public init(
    method: String = "POST", path: String = "/", query: String = "",
    headers: [(name: String, value: String)] = [], body: [UInt8] = []
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.headers = headers
    self.body = body
  }

  /// Returns the first value of a header.
  public func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

  /// Returns the values of a query parameter: `?request=a&request=b`.
  public func parameters(_ name: String) -> [String] {
    query.split(separator: "&").compactMap { pair in
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard Self.decoded(parts[0]) == name else { return nil }
      return parts.count > 1 ? Self.decoded(parts[1]) : ""
    }
  }

  /// Returns the first value of a query parameter.
  public func parameter(_ name: String) -> String? { parameters(name).first }

  private static func decoded(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    Array(text.utf8).withUnsafeBufferPointer {
      PercentEncoding.appendDecoded($0, to: &bytes)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// The reply to a request.
public struct Reply: Sendable {
  public enum Body: Sendable {
    /// The size in bytes above which a body is sent in pieces, so that a slow client occupies the
    /// memory of only one of them.
    static let pieceByteCount = 256 << 10

    case bytes([UInt8])
    /// A body that is written piece by piece while the client reads, on a thread that may block.
    case stream(@Sendable (any ReplyStream) -> Void)
  }

  /// The HTTP status.
  public var status: Int
  /// The headers, in order.
  public var headers: [(name: String, value: String)]
  /// The body: bytes or a stream.
  public var body: Body
  /// The name of the operation, for the request log; never text of the request.
  public var operation = ""

  /// Makes a reply.
  public init(status: Int = 200, headers: [(name: String, value: String)] = [], body: Body) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// A JSON document.
  public static func json(_ value: JSONValue, status: Int = 200) -> Reply {
    Reply(
      status: status, headers: [("content-type", "application/json")], body: .bytes(value.bytes))
  }

  /// Returns a body with rows separated by commas, between `head` and `tail`.
  static func rows(
    _ rows: StoredRows, _ range: Range<Int>, between head: [UInt8], and tail: [UInt8]
  ) -> Body {
    let pieces = rows.pieces(of: range, byteCount: Body.pieceByteCount)
    guard pieces.count > 1 else { return .bytes(head + rows.joined(range) + tail) }
    return .stream { stream in
      guard stream.write(head) else { return }
      for piece in pieces {
        let comma = piece.lowerBound > range.lowerBound ? [UInt8(ascii: ",")] : []
        guard stream.write(comma + rows.joined(piece)) else { return }
      }
      _ = stream.write(tail)
    }
  }

  /// Makes a reply of JSON values, one per line, that are sent while they are produced.
  public static func jsonLines(_ write: @escaping @Sendable (any ReplyStream) -> Void) -> Reply {
    Reply(headers: [("content-type", "application/x-ndjson")], body: .stream(write))
  }
}

/// The destination of a streamed body.
public protocol ReplyStream: Sendable {
  /// Sends bytes; waits if the client is slow.
  ///
  /// - Returns: false if the reply is no longer read, because the client has disconnected or the
  ///   server stops.
  func write(_ bytes: [UInt8]) -> Bool

  /// Aborts the reply, in such a way that the client can detect it.
  func abort()

  /// Whether the reply is still read.
  var isOpen: Bool { get }

  /// Registers a callback for the end of reading; it may be called on any thread, and is called at
  /// once if the reply is no longer read.
  func onClose(_ body: @escaping @Sendable () -> Void)
}
