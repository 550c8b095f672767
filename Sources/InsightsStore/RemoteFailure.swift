/// Why a store on another machine could not do what was asked.
public struct RemoteFailure: Error, Equatable, Sendable {
  public enum Kind: Sendable {
    /// The server, the connection, the user, the database or its tables are not what is needed.
    case unavailable
    /// The answer broke off, or the server reached a limit: what came is not all.
    case incomplete
    /// Rows could not be stored.
    case writeFailed
    /// The server refused a statement of ours: a bug, or a version that is not known.
    case unexpected
  }

  public var kind: Kind
  /// One lower-case sentence.
  public var message: String
  /// What the server said, where that is more than the message.
  public var notes: [String]
  /// What to do next.
  public var help: [String]
  /// The server's number of the error; `nil` where it comes from elsewhere.
  public var code: Int?

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
