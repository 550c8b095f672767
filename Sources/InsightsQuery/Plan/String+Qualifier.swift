extension String {
  /// The name of a column as it is called behind a join.
  public func qualified(by qualifier: String) -> String { "\(qualifier).\(self)" }

  /// The name that a column has on the side of a join called so; `nil` when it is not of that side.
  public func unqualified(by qualifier: String) -> String? {
    guard hasPrefix(qualifier + "."), utf8.count > qualifier.utf8.count + 1 else { return nil }
    return String(dropFirst(qualifier.count + 1))
  }
}
