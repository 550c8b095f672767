/// A supported revision of the Model Context Protocol.
public enum MCPRevision: String, CaseIterable, Sendable {
  case march2025 = "2025-03-26"
  case june2025 = "2025-06-18"
  case november2025 = "2025-11-25"
  case july2026 = "2026-07-28"

  /// Whether requests are self-contained; in other revisions a client begins with `initialize`.
  var isStateless: Bool { self == .july2026 }

  /// Whether several messages may be sent as one JSON array.
  var takesBatches: Bool { self == .march2025 }

  /// The revisions that `initialize` negotiates.
  static let withHandshake = allCases.filter { !$0.isStateless }
  static let stateless = allCases.filter { $0.isStateless }

  /// Offered to a client that requests an unsupported revision.
  static let newestWithHandshake = MCPRevision.november2025
}
