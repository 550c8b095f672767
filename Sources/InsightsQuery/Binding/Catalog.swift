/// What a store knows of its own contents.
///
/// Names that only a store can tell apart are told apart with it, and messages become more helpful;
/// a query compiles without one.
public protocol Catalog {
  /// The discovered fields of all events.
  var discoveredFields: Set<String> { get }
  /// The names of the log groups, sorted; `nil` where they are not known.
  var logGroups: [String]? { get }
  /// The accounts of the log groups, sorted, zeros for those that nothing tells; `nil` where they are not
  /// known.
  var accounts: [String]? { get }
}

extension Catalog {
  public var logGroups: [String]? { nil }
  public var accounts: [String]? { nil }
}
