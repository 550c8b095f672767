/// A query compiled to SQL: what a backend needs to run it, and nothing else.
public struct SQLStatement: Sendable {
  /// SQL text; `?1`, `?2` … stand for `bindings`.
  public var text: String
  public var bindings: [Value]
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

/// A statement that gives the rows of a complete one when its relation is what a scan request
/// describes.
public struct SQLPushdown: Sendable {
  /// SQL text without what the request asks of the scan.
  public var text: String
  public var bindings: [Value]
  /// Its columns are fields of the relation, or names that the request defines.
  public var relation: SQLRelation
  public var request: ScanRequest

  public init(text: String, bindings: [Value], relation: SQLRelation, request: ScanRequest) {
    self.text = text
    self.bindings = bindings
    self.relation = relation
    self.request = request
  }
}

/// A relation that a statement reads (`events`, `invocations`, `errors`) with just the columns it asks for.
///
/// A backend provides it under `name` before the statement runs. That a relation's columns are
/// chosen per query lets a store decode only those.
public struct SQLRelation: Hashable, Sendable {
  /// One column: the field of the language that it carries, and its name in the SQL text.
  public struct Column: Hashable, Sendable {
    public var field: String
    /// Differs from `field` where SQL, which ignores case in names, would confuse two fields.
    public var name: String

    public init(field: String, name: String) {
      self.field = field
      self.name = name
    }
  }

  public var name: String
  public var columns: [Column]

  public init(name: String, columns: [Column]) {
    self.name = name
    self.columns = columns
  }
}
