/// Assigns colours to the series of a page: the same name always has the same colour.
struct SeriesColors {
  private var numbers: [String: Int] = [:]

  /// The number of styles (colours and dashes); further series reuse them.
  private static let count = 24

  /// Returns the CSS classes of a series: its colour and its dashes.
  ///
  /// A series without a name is alone in its chart and needs no colour of its own.
  mutating func classes(of name: String) -> String {
    guard !name.isEmpty else { return "s0" }
    let number = numbers[name] ?? numbers.count
    numbers[name] = number
    let round = number % Self.count / 8
    return "s\(number % 8 + 1)" + (round == 0 ? "" : " dash\(round)")
  }
}
