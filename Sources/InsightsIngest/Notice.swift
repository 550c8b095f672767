/// Something about an input that the user should know; reading went on all the same.
public struct Notice: Equatable, Sendable {
  /// What it means for the events.
  public enum Kind: Sendable {
    /// Nothing is lost: a byte order mark, Windows line ends, other tools' chatter.
    case repaired
    /// What the input holds is stored under another name already, and not stored again.
    case otherwiseNamed
    /// Another input has events like those of this one, and both are stored.
    case overlapping
    /// Bytes of the input were lost or cut; what could be read is stored.
    case lossy
    /// The path is missing or cannot be read.
    case unreadable
  }

  public var kind: Kind
  /// `-` is standard input.
  public var path: String
  /// Bytes from the start of the input, after inflating; `nil` where no place is to blame.
  public var position: Int?
  /// The line of that place, from 1.
  public var line: Int?
  /// How often it happened, the first time being at `position`.
  public var count = 1
  /// A lower-case phrase without a full stop.
  public var message: String

  public init(kind: Kind, path: String, position: Int? = nil, count: Int = 1, message: String) {
    self.kind = kind
    self.path = path
    self.position = position
    self.count = count
    self.message = message
  }
}
