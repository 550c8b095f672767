public import InsightsService

/// Why a server could not start, or had to stop.
public enum ServerError: Error, Sendable {
  /// Another program uses the port.
  case portTaken(address: String)
  /// The address does not belong to this machine, or is not permitted.
  case cannotListen(address: String, reason: String)
  /// The program was built without the trait `Server`.
  case notBuilt
}

/// Callbacks of a running server.
public struct ServerEvents: Sendable {
  /// The server accepts connections, at `http://ADDRESS:PORT`.
  public var isListening: @Sendable (ListenAddress) -> Void
  /// A request was answered: method, operation, status and time; never text of the request.
  public var hasAnswered: (@Sendable (String, String, Int, Duration) -> Void)?

  /// Makes a set of callbacks.
  public init(
    isListening: @escaping @Sendable (ListenAddress) -> Void,
    hasAnswered: (@Sendable (String, String, Int, Duration) -> Void)? = nil
  ) {
    self.isListening = isListening
    self.hasAnswered = hasAnswered
  }
}

/// The HTTP server.
public enum HTTPServer {
  /// Returns a random token that cannot be guessed.
  public static func newToken() -> String { Secret.newToken() }

  /// Serves until SIGTERM or SIGINT.
  ///
  /// - Throws: `ServerError`.
  public static func run(
    _ service: LogService, configuration: ServerConfiguration, events: ServerEvents
  ) throws(ServerError) {
    #if Server
      try HummingbirdServer(service, configuration, events).run()
    #else
      throw .notBuilt
    #endif
  }
}
