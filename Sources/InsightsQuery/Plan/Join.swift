/// How rows of another plan come to stand beside those of this one.
public struct Join: Hashable, Sendable {
  /// What agrees in rows that belong together; what is missing agrees with nothing.
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

  /// What the columns of both sides are called afterwards.
  public enum Naming: Hashable, Sendable {
    /// Every column has the alias of its side and a dot before its name.
    case qualified(left: String, right: String)
    /// Columns of this plan keep their names; these are added, or take the place of one of the same
    /// name.
    case added([AddedColumn])
  }

  /// A column of the other plan, and what it becomes.
  public struct AddedColumn: Hashable, Sendable {
    /// As it is called afterwards.
    public var column: PlanColumn
    /// As the other plan calls it.
    public var source: PlanColumn

    init(_ column: PlanColumn, from source: PlanColumn) {
      self.column = column
      self.source = source
    }
  }

  /// The other plan.
  public var right: Plan
  /// Whether a row without a partner stays, with the columns of the other plan missing.
  public var isOuter: Bool
  /// All have to agree; none: every row belongs to every row.
  public var keys: [Key]
  /// How columns of the same name are told apart.
  public var naming: Naming

  init(right: Plan, isOuter: Bool, keys: [Key], naming: Naming) {
    self.right = right
    self.isOuter = isOuter
    self.keys = keys
    self.naming = naming
  }
}
