/// How the rows of two plans come together.
///
/// Behind a join `a.status` is the column `status` of the side that is called `a`.
public struct Join: Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable {
    /// Only rows that have a partner.
    case inner
    /// All rows of the left side; without a partner the right columns are missing.
    case left
  }

  /// Which rows are partners.
  public enum Condition: Hashable, Sendable {
    /// Those with equal values; a missing value equals nothing.
    case equal(PlanColumn, PlanColumn)
    /// Those at the same place in the order of their side, up to a number of rows.
    case position(limit: Int)
  }

  public var kind: Kind
  public var condition: Condition
  /// What the names of each side's columns begin with behind the join, before a dot; `nil` leaves
  /// them as they are, and a name of both sides is the right one's.
  public var qualifiers: Qualifiers?
  /// The columns that the right side gives where there are no qualifiers.
  public var rightColumns: [PlanColumn]

  public struct Qualifiers: Hashable, Sendable {
    public var left: String
    public var right: String
  }
}
