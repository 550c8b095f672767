/// A query compiled to SQL: what a backend needs to run it, and nothing else.
public struct SQLStatement: Sendable {
  /// SQL text; `?1`, `?2` … stand for `bindings`.
  public var text: String
  /// The values of `?1`, `?2`, … in order.
  public var bindings: [Value]
  /// The columns of the rows that it gives.
  public var columns: [ResultColumn]
  /// The relations that `text` reads and the columns it expects of each, by relation name.
  public var relations: [SQLRelation]
  /// The same query with part of the work asked of the scan; `nil` where no scan can help.
  public var pushdown: SQLPushdown?

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

/// A statement that gives the rows of a complete one when its relations of events are what scan
/// requests describe.
public struct SQLPushdown: Sendable {
  /// SQL text without what the requests ask of scans.
  public var text: String
  /// The values of `?1`, `?2`, … in order.
  public var bindings: [Value]
  /// The columns of events are fields of them, or names that the request defines.
  public var relations: [SQLRelation]
  /// What is asked of each relation of events, by its name.
  public var requests: [String: ScanRequest]

  public init(
    text: String, bindings: [Value], relations: [SQLRelation], requests: [String: ScanRequest]
  ) {
    self.text = text
    self.bindings = bindings
    self.relations = relations
    self.requests = requests
  }
}

/// A relation that a statement reads with just the columns it asks for.
///
/// A backend provides it under `name` before the statement runs. That a relation's columns are
/// chosen per query lets a store decode only those.
public struct SQLRelation: Hashable, Sendable {
  /// One column: the field of the language that it carries, and its name in the SQL text.
  public struct Column: Hashable, Sendable {
    /// As the language calls it: `@message`, `status`, `a.b`.
    public var field: String
    /// Differs from `field` where SQL, which ignores case in names, would confuse two fields.
    public var name: String

    public init(field: String, name: String) {
      self.field = field
      self.name = name
    }
  }

  /// As the SQL text calls it.
  public var name: String
  /// What it holds: `events`, `invocations`, `errors`, or a lookup table.
  ///
  /// Each scan of events is a relation of its own.
  public var content: String
  /// Just the columns that the statement reads.
  public var columns: [Column]

  public init(name: String, content: String? = nil, columns: [Column]) {
    self.name = name
    self.content = content ?? name
    self.columns = columns
  }
}
