/// The results of one or several queries, with facts about the whole run.
public struct Report: Equatable, Sendable {
  /// The title of the report, such as the name of a query pack.
  public var title: String
  /// The blocks of a page before the results; their headings have level 2.
  public var opening: [Document.Block]
  /// Facts about the whole report: names and values.
  public var facts: [Fact]
  /// The results, in order.
  public var results: [NamedResult]
  /// Whether there is only one query, which then needs no name.
  public var isSingle: Bool

  /// A name and a value.
  public struct Fact: Equatable, Sendable {
    /// The name, such as `time range`.
    public var name: String
    /// The value as text.
    public var value: String

    /// Makes a fact.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// Makes a report.
  public init(
    title: String, opening: [Document.Block] = [], facts: [Fact] = [], results: [NamedResult],
    isSingle: Bool
  ) {
    self.title = title
    self.opening = opening
    self.facts = facts
    self.results = results
    self.isSingle = isSingle
  }
}
