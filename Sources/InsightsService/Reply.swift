public import InsightsText
public import InsightsThreads

/// A request as a transport hands it over.
public struct ServiceRequest: Sendable {
  public var method: String
  /// Without the query behind `?`.
  public var path: String
  /// What stands behind `?`, as it was sent; empty without one.
  public var query: String
  /// Names in lower case.
  public var headers: [(name: String, value: String)]
  /// As received, but inflated.
  public var body: [UInt8]
  /// Happens when the client has gone before it was answered.
  public var clientGone = OneTimeEvent()

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

  /// The first value of a header.
  public func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

  /// The values of a parameter of the query: `?request=a&request=b`.
  public func parameters(_ name: String) -> [String] {
    query.split(separator: "&").compactMap { pair in
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard Self.decoded(parts[0]) == name else { return nil }
      return parts.count > 1 ? Self.decoded(parts[1]) : ""
    }
  }

  /// The first value of a parameter of the query.
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
    case bytes([UInt8])
    /// Written piece by piece, on a thread that may block, while the client reads.
    case stream(@Sendable (any ReplyStream) -> Void)
  }

  public var status: Int
  public var headers: [(name: String, value: String)]
  public var body: Body
  /// What was asked, for the request log: the name of an operation; never text of the request.
  public var operation = ""

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

  /// JSON values, one a line, as they come.
  public static func jsonLines(_ write: @escaping @Sendable (any ReplyStream) -> Void) -> Reply {
    Reply(headers: [("content-type", "application/x-ndjson")], body: .stream(write))
  }
}

/// Where a streamed body goes.
public protocol ReplyStream: Sendable {
  /// Hands bytes over, and waits while the client is slow.
  ///
  /// False where nobody reads any more: the client is gone, or the server stops.
  func write(_ bytes: [UInt8]) -> Bool

  /// Whether somebody still reads.
  var isOpen: Bool { get }

  /// Has `body` be called, on any thread, when nobody reads any more; at once where it is so already.
  func onClose(_ body: @escaping @Sendable () -> Void)
}
