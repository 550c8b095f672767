internal import InsightsText

/// The names that are most like a misspelt one, the most like first.
struct SimilarNames: CustomStringConvertible {
  var names: [String]

  var isEmpty: Bool { names.isEmpty }

  /// The one that was most likely meant.
  var first: String? { names.first }

  /// In quotes and joined, for a message.
  var description: String { names.map { "'\($0)'" }.joined(separator: ", ") }
}

/// The names most like a misspelt one; none when none is near.
func similarNames(to name: String, among candidates: some Sequence<String>) -> SimilarNames {
  SimilarNames(names: EditDistance.suggestions(for: name, among: candidates))
}
