/// A query compiled to SQL: everything that a backend needs to run it.
public struct SQLStatement: Sendable {
  /// SQL text with parameters `?1`, `?2` … for `bindings`.
  public var text: String
  /// The values of `?1`, `?2`, … in order.
  public var bindings: [Value]
  /// The columns of the rows that it returns.
  public var columns: [ResultColumn]
  /// The relations that `text` reads with the columns it needs of each.
  public var relations: [SQLRelation]
  /// The same query with part of the work pushed down to scans; `nil` if no scan can help.
  public var pushdown: SQLPushdown?

  /// Makes a statement.
  public init(
    text: String, bindings: [Value], columns: [ResultColumn], relations: [SQLRelation],
    pushdown: SQLPushdown? = nil
  ) {
    self.text = text
    self.bindings = bindings
    self.columns = columns
    self.relations = relations
    self.pushdown = pushdown
  }
}

/// A statement over scans; it returns the rows of the complete statement if its event relations
/// contain what the requests describe.
public struct SQLPushdown: Sendable {
  /// SQL text without the work of the scans.
  public var text: String
  /// The values of `?1`, `?2`, … in order.
  public var bindings: [Value]
  /// The columns of events are their fields, or names that the request defines.
  public var relations: [SQLRelation]
  /// The request for each event relation, by its name.
  public var requests: [String: ScanRequest]
  /// A description of the operations that the statement itself performs on each of these relations,
  /// with the reasons.
  public var localSteps: [String: [String]]

  /// Makes a statement.
  public init(
    text: String, bindings: [Value], relations: [SQLRelation], requests: [String: ScanRequest],
    localSteps: [String: [String]] = [:]
  ) {
    self.text = text
    self.bindings = bindings
    self.relations = relations
    self.requests = requests
    self.localSteps = localSteps
  }
}

/// A relation that a statement reads, with exactly the columns it needs.
///
/// A backend provides it under `name` before the statement runs. Choosing the columns per query
/// lets a store decode only those.
public struct SQLRelation: Hashable, Sendable {
  /// A column: the field of the language, and its name in the SQL text.
  public struct Column: Hashable, Sendable {
    /// The name in the language: `@message`, `status`, `a.b`.
    public var field: String
    /// Differs from `field` if SQL, which ignores case in names, would confuse two fields.
    public var name: String

    /// Makes a column.
    public init(field: String, name: String) {
      self.field = field
      self.name = name
    }
  }

  /// The name in the SQL text.
  public var name: String
  /// The content: `events`, `invocations`, `errors`, or a lookup table.
  ///
  /// Each scan of events is a relation of its own.
  public var content: String
  /// The columns that the statement reads.
  public var columns: [Column]

  /// Makes a relation; its content defaults to its name.
  public init(name: String, content: String? = nil, columns: [Column]) {
    self.name = name
    self.content = content ?? name
    self.columns = columns
  }
}
