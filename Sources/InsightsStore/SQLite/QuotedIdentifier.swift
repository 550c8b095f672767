extension String {
  /// The name as SQL writes it, in quotes whatever it holds.
  var quotedIdentifier: String {
    // Scalar by scalar: to `Character` a quote with an accent behind it is no quote.
    let parts = unicodeScalars.split(separator: "\"", omittingEmptySubsequences: false)
    return "\"" + parts.map { String($0) }.joined(separator: "\"\"") + "\""
  }
}
