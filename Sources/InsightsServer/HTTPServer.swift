public import InsightsService

/// Why a server could not begin, or had to end.
public enum ServerError: Error, Sendable {
  /// Another program has the port.
  case portTaken(address: String)
  /// The address is not one of this machine, or may not be used.
  case cannotListen(address: String, reason: String)
  /// The program was built without the trait `Server`.
  case notBuilt
}

/// What a server tells of itself while it runs.
public struct ServerEvents: Sendable {
  /// It accepts connections, at `http://ADDRESS:PORT`.
  public var isListening: @Sendable (ListenAddress) -> Void
  /// A request has been answered: method, operation, status and time; never text of the request.
  public var hasAnswered: (@Sendable (String, String, Int, Duration) -> Void)?

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
  /// A token that nobody can guess.
  public static func newToken() -> String { Secret.newToken() }

  /// Serves until SIGTERM or SIGINT comes.
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
