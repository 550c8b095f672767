/// A text that is kept in a store beside its logs: a saved query, an index policy, a lookup table.
public struct StoredDocument: Hashable, Sendable {
  /// What it is, as `query-definition`; names are unique in their kind.
  public var kind: String
  public var name: String
  /// When it was put there, epoch milliseconds.
  public var modified: Int64
  public var content: String

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
  /// The document with a name; `nil` where there is none.
  public func document(kind: String, named name: String) throws(StoreError) -> StoredDocument? {
    let statement = try connection.prepare(
      """
      SELECT kind, name, modified_ms, content FROM main.documents WHERE kind = ?1 AND name = ?2
      """)
    statement.bind(kind, at: 1)
    statement.bind(name, at: 2)
    return try statement.step() ? StoredDocument(statement) : nil
  }

  /// All documents of a kind, in the order of their names' bytes.
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

  /// Keeps a document, in the place of one of its kind and name.
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

  /// Removes a document; false where there is none.
  public func removeDocument(kind: String, named name: String) throws(StoreError) -> Bool {
    let statement = try connection.prepare("DELETE FROM documents WHERE kind = ?1 AND name = ?2")
    statement.bind(kind, at: 1)
    statement.bind(name, at: 2)
    try statement.run()
    return connection.changeCount > 0
  }
}
