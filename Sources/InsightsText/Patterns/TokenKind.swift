/// What a varying part of a line seems to be.
///
/// The raw value is the mark that stands for such a part in a `LineShape`.
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
  /// A UUID, a hardware address, an ARN, or a word that mixes digits and letters like a random one.
  case identifier
  /// A number, with a unit of up to three letters.
  case number
  case text
  /// Digits inside a word that is constant otherwise: `worker-3`.
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
