/// Information about a store's content that improves compilation.
///
/// It is optional. With a catalog some names can be resolved exactly, and diagnostics are more
/// precise.
public protocol Catalog {
  /// The discovered fields of all events.
  var discoveredFields: Set<String> { get }
  /// The names of values that are not fields in some event, because they exceed the limit on fields
  /// per event; `nil` if unknown.
  var fieldsBehindLimit: Set<String>? { get }
  /// The names of the log groups, sorted; `nil` if unknown.
  var logGroups: [String]? { get }
  /// The accounts of the log groups, sorted, with zeros for unknown ones; `nil` if not available.
  var accounts: [String]? { get }
}

extension Catalog {
  public var fieldsBehindLimit: Set<String>? { nil }
  public var logGroups: [String]? { nil }
  public var accounts: [String]? { nil }
}
