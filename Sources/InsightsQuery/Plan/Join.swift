/// A combination of the rows of this plan with rows of another one.
public struct Join: Hashable, Sendable {
  /// A pair of expressions that must be equal; a missing value equals nothing.
  public struct Key: Hashable, Sendable {
    /// Over the columns of this plan.
    public var left: BoundExpression
    /// Over the columns of the other plan.
    public var right: BoundExpression

    init(left: BoundExpression, right: BoundExpression) {
      self.left = left
      self.right = right
    }
  }

  /// The names of both sides' columns afterwards.
  public enum Naming: Hashable, Sendable {
    /// Every column is qualified by the alias of its side and a dot.
    case qualified(left: String, right: String)
    /// Columns of this plan keep their names; these are added, or replace one with the same name.
    case added([AddedColumn])
  }

  /// A column of the other plan, and what it becomes.
  public struct AddedColumn: Hashable, Sendable {
    /// Its name afterwards.
    public var column: PlanColumn
    /// Its name in the other plan.
    public var source: PlanColumn

    init(_ column: PlanColumn, from source: PlanColumn) {
      self.column = column
      self.source = source
    }
  }

  /// The other plan.
  public var right: Plan
  /// Whether a row without a match is kept, with the columns of the other plan missing.
  public var isOuter: Bool
  /// All must be equal; if empty, every row matches every row.
  public var keys: [Key]
  /// The naming of columns that both sides have.
  public var naming: Naming

  init(right: Plan, isOuter: Bool, keys: [Key], naming: Naming) {
    self.right = right
    self.isOuter = isOuter
    self.keys = keys
    self.naming = naming
  }
}
