/// Why a text is not a valid date pattern.
public struct DatePatternError: Error, Equatable {
  /// A lower-case phrase.
  public let message: String
}
