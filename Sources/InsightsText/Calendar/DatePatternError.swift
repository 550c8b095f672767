/// Why a text is no pattern of dates.
public struct DatePatternError: Error, Equatable {
  /// What is wrong, as a lower-case phrase.
  public let message: String
}
