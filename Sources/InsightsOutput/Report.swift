/// What was asked, and what was found.
public struct Report: Equatable, Sendable {
  /// What the whole is about, such as the name of a query pack.
  public var title: String
  /// What a page begins with, before the results; blocks whose headings are of level 2.
  public var opening: [Document.Block]
  /// What holds for all of it: names and values.
  public var facts: [Fact]
  public var results: [NamedResult]
  /// Whether it is of one query only, which needs no name of its own.
  public var isSingle: Bool

  /// A name and a value.
  public struct Fact: Equatable, Sendable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

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
