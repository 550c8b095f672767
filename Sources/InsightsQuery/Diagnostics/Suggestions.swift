internal import InsightsText

/// The names most like a misspelt one, quoted and joined for a message; empty when none is near.
func similarNames(to name: String, among candidates: some Sequence<String>) -> String {
  EditDistance.suggestions(for: name, among: candidates).map { "'\($0)'" }.joined(separator: ", ")
}
