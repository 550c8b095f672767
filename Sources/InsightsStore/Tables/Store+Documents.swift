public import InsightsModel
internal import InsightsSQLite

/// A text stored beside the logs: a saved query, an index policy, a lookup table.
public struct StoredDocument: Hashable, Sendable {
  /// The kind, such as `query-definition`; names are unique within a kind.
  public var kind: String
  /// The name.
  public var name: String
  /// When it was saved, in epoch milliseconds.
  public var modified: Int64
  /// The text.
  public var content: String

  /// Makes a document.
  public init(kind: String, name: String, modified: Int64, content: String) {
    self.kind = kind
    self.name = name
    self.modified = modified
    self.content = content
  }

  fileprivate init(_ row: Statement) {
    kind = row.text(at: 0)
    name = row.text(at: 1)
    modified = row.integer(at: 2)
    content = row.text(at: 3)
  }
}

extension Store {
  /// Returns the document with a name; `nil` if there is none.
  public func document(kind: String, named name: String) throws(StoreError) -> StoredDocument? {
    let statement = try connection.prepare(
      """
      SELECT kind, name, modified_ms, content FROM main.documents WHERE kind = ?1 AND name = ?2
      """)
    statement.bind(kind, at: 1)
    statement.bind(name, at: 2)
    return try statement.step() ? StoredDocument(statement) : nil
  }

  /// Returns all documents of a kind, sorted by the bytes of their names.
  public func documents(kind: String) throws(StoreError) -> [StoredDocument] {
    let statement = try connection.prepare(
      """
      SELECT kind, name, modified_ms, content FROM main.documents WHERE kind = ?1 ORDER BY name
      """)
    statement.bind(kind, at: 1)
    var documents: [StoredDocument] = []
    while try statement.step() { documents.append(StoredDocument(statement)) }
    return documents
  }

  /// Saves a document; it replaces one with the same kind and name.
  public func put(_ document: StoredDocument) throws(StoreError) {
    let statement = try connection.prepare(
      """
      INSERT INTO documents (kind, name, modified_ms, content) VALUES (?1, ?2, ?3, ?4)
      ON CONFLICT (kind, name) DO UPDATE SET modified_ms = ?3, content = ?4
      """)
    statement.bind(document.kind, at: 1)
    statement.bind(document.name, at: 2)
    statement.bind(document.modified, at: 3)
    statement.bind(document.content, at: 4)
    try statement.run()
  }

  /// Deletes a document; returns false if there is none.
  public func removeDocument(kind: String, named name: String) throws(StoreError) -> Bool {
    let statement = try connection.prepare("DELETE FROM documents WHERE kind = ?1 AND name = ?2")
    statement.bind(kind, at: 1)
    statement.bind(name, at: 2)
    try statement.run()
    return connection.changeCount > 0
  }
}
