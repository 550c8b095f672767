/// A notice to the user about an input; reading continued.
public struct Notice: Equatable, Sendable {
  /// The consequence for the events.
  public enum Kind: Sendable {
    /// Nothing is lost: a byte order mark, Windows line ends, output of other tools.
    case repaired
    /// The input's content is already stored under another name, and not stored again.
    case otherwiseNamed
    /// Another input has the same events, and both are stored.
    case overlapping
    /// Bytes of the input were lost or truncated; the readable part is stored.
    case lossy
    /// The path is missing or cannot be read.
    case unreadable
  }

  /// The kind of notice.
  public var kind: Kind
  /// The path; `-` is standard input.
  public var path: String
  /// The position in bytes from the start of the decompressed input; `nil` if there is none.
  public var position: Int?
  /// The line of that position, from 1.
  public var line: Int?
  /// The number of occurrences, the first being at `position`.
  public var count = 1
  /// A lower-case phrase without a full stop.
  public var message: String

  /// Makes a notice.
  public init(kind: Kind, path: String, position: Int? = nil, count: Int = 1, message: String) {
    self.kind = kind
    self.path = path
    self.position = position
    self.count = count
    self.message = message
  }
}
