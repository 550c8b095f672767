/// Why a store on another machine failed.
public struct RemoteFailure: Error, Equatable, Sendable {
  /// The kind of failure.
  public enum Kind: Sendable {
    /// The server, the connection, the user, the database or its tables do not meet the
    /// requirements.
    case unavailable
    /// The reply broke off, or the server reached a limit: the rows received are not all.
    case incomplete
    /// Rows could not be stored.
    case writeFailed
    /// The server rejected a statement of this program: a bug, or an unknown version.
    case unexpected
  }

  /// The kind of failure.
  public var kind: Kind
  /// One lower-case sentence.
  public var message: String
  /// The server's message, if it contains more.
  public var notes: [String]
  /// Next steps.
  public var help: [String]
  /// The server's error number; `nil` if the error has another origin.
  public var code: Int?

  /// Makes a failure.
  public init(
    _ kind: Kind, _ message: String, notes: [String] = [], help: [String] = [], code: Int? = nil
  ) {
    self.kind = kind
    self.message = message
    self.notes = notes
    self.help = help
    self.code = code
  }
}
