internal import InsightsSQLite

extension Statement {
  /// Binds a boolean as 1 or 0.
  func bind(_ flag: Bool, at index: Int) {
    let number: Int64 = flag ? 1 : 0
    bind(number, at: index)
  }
}
