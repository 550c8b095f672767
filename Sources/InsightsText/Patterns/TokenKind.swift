/// What a varying part of a line seems to be.
///
/// The raw value is the mark that stands for such a part in a `LineShape`.
public enum TokenKind: UInt8, Sendable {
  case time = 1
  /// An IPv4 address, with its port if there is one, or an IPv6 address.
  case address = 2
  /// A UUID, a hardware address, or a word that mixes digits and letters like a random one.
  case identifier = 3
  /// A number, with a unit of up to three letters.
  case number = 4
  case text = 5
  /// Digits inside a word that is constant otherwise: `worker-3`.
  case digits = 6

  var isNumeric: Bool { self == .number || self == .digits }

  /// The name in a pattern, as in `<Time-1>`.
  public var name: String {
    switch self {
    case .time: "Time"
    case .address: "IP"
    case .identifier: "ID"
    case .number, .digits: "Number"
    case .text: "Token"
    }
  }
}
