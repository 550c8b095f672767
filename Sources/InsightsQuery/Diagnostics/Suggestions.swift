internal import InsightsText

/// The names that are most similar to a misspelt one, most similar first.
struct SimilarNames: CustomStringConvertible {
  var names: [String]

  var isEmpty: Bool { names.isEmpty }

  /// The most likely intended name.
  var first: String? { names.first }

  /// The names in quotes, joined for a message.
  var description: String { names.map { "'\($0)'" }.joined(separator: ", ") }
}

/// Returns the names that are most similar to a misspelt one; none if no name is similar.
func similarNames(to name: String, among candidates: some Sequence<String>) -> SimilarNames {
  SimilarNames(names: EditDistance.suggestions(for: name, among: candidates))
}
