internal import InsightsStore
internal import InsightsText

extension Engine {
  /// Returns suggestions for a glob that matches no log group, the likeliest first.
  ///
  /// `nil` if the glob matches one.
  ///
  /// - Throws: `StoreError`.
  public func logGroupSuggestions(for glob: String) throws -> [String]? {
    guard try !store.hasLogGroup(matching: glob) else { return nil }
    let names = try store.logGroupNames()
    let wanted = glob.lowercased()
    // Often only the last part of a name is given.
    let longer = names.filter { name in
      name.split(separator: "/").last.map { $0.lowercased() } == wanted
    }
    let parts = names.map { String($0.split(separator: "/").last ?? "") }
    let similarParts = EditDistance.suggestions(for: glob, among: parts)
    let similar =
      EditDistance.suggestions(for: glob, among: names)
      + zip(names, parts).filter { similarParts.contains($0.1) }.map(\.0)
    var ordered: [String] = []
    for name in longer + similar + names where !ordered.contains(name) { ordered.append(name) }
    return ordered
  }
}
