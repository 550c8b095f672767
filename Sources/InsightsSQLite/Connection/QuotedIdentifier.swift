extension String {
  /// The name as a quoted SQL identifier.
  package var quotedIdentifier: String {
    // By code points: as a `Character`, a quote with a combining accent would not equal a quote.
    let parts = unicodeScalars.split(separator: "\"", omittingEmptySubsequences: false)
    return "\"" + parts.map { String($0) }.joined(separator: "\"\"") + "\""
  }
}
