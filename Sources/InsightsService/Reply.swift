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
  /// Happens when the client disconnects before it was answered.
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

/// What is answered to a request.
public struct Reply: Sendable {
  public enum Body: Sendable {
    /// What is larger is sent in pieces, so that a client that reads slowly holds only one of them.
    static let pieceByteCount = 256 << 10

    case bytes([UInt8])
    /// Written piece by piece, on a thread that may block, while the client reads.
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

  /// Rows with a comma between them, and what stands before and behind them.
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

  /// JSON values, one a line, as they come.
  public static func jsonLines(_ write: @escaping @Sendable (any ReplyStream) -> Void) -> Reply {
    Reply(headers: [("content-type", "application/x-ndjson")], body: .stream(write))
  }
}

/// The destination of a streamed body.
public protocol ReplyStream: Sendable {
  /// Hands bytes over, and waits while the client is slow.
  ///
  /// False where nobody reads any more: the client is gone, or the server stops.
  func write(_ bytes: [UInt8]) -> Bool

  /// Breaks the reply off, so that the client sees that it is not whole.
  func abort()

  /// Whether somebody still reads.
  var isOpen: Bool { get }

  /// Registers `body` to be called, on any thread, when nobody reads any more; at once if that is
  /// so already.
  func onClose(_ body: @escaping @Sendable () -> Void)
}
