/// A revision of the Model Context Protocol that is spoken here.
public enum MCPRevision: String, CaseIterable, Sendable {
  case march2025 = "2025-03-26"
  case june2025 = "2025-06-18"
  case november2025 = "2025-11-25"
  case july2026 = "2026-07-28"

  /// Whether each request says all by itself; with the others a client begins with `initialize`.
  var isStateless: Bool { self == .july2026 }

  /// Whether several messages may come as one JSON array.
  var takesBatches: Bool { self == .march2025 }

  /// Those that `initialize` agrees on.
  static let withHandshake = allCases.filter { !$0.isStateless }
  static let stateless = allCases.filter { $0.isStateless }

  /// What is offered to a client that asks for one that is not spoken here.
  static let newestWithHandshake = MCPRevision.november2025
}
