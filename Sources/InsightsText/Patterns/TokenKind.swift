/// The kind of a part of a line that varies.
///
/// The raw value is the mark that replaces such a part in a `LineShape`.
public enum TokenKind: UInt8, Sendable {
  case time = 0x0E
  /// An IPv4 address, with its port if there is one, or an IPv6 address.
  case address
  /// A host with its domain or a port.
  case host
  /// A path with at least two steps.
  case path
  /// A URL.
  case link
  /// A UUID, a hardware address, an ARN, or a random-looking mix of digits and letters.
  case identifier
  /// A number, with a unit of up to three letters.
  case number
  case text
  /// Digits inside an otherwise constant word: `worker-3`.
  case digits

  var isNumeric: Bool { self == .number || self == .digits }

  /// The name in a pattern, as in `<Time-1>`.
  public var name: String {
    switch self {
    case .time: "Time"
    case .address: "IP"
    case .host: "Host"
    case .path: "Path"
    case .link: "URL"
    case .identifier: "ID"
    case .number, .digits: "Number"
    case .text: "Token"
    }
  }
}
