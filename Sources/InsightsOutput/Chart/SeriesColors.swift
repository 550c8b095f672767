/// The colours of the series of a page: a name has the same wherever it comes.
struct SeriesColors {
  private var numbers: [String: Int] = [:]

  /// The colours and dashes that there are; further series begin again.
  private static let count = 24

  /// The classes of a series: its colour and its dashes.
  ///
  /// A series without a name is the only one of its chart, and needs no colour of its own.
  mutating func classes(of name: String) -> String {
    guard !name.isEmpty else { return "s0" }
    let number = numbers[name] ?? numbers.count
    numbers[name] = number
    let round = number % Self.count / 8
    return "s\(number % 8 + 1)" + (round == 0 ? "" : " dash\(round)")
  }
}
