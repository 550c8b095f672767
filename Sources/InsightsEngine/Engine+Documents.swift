public import InsightsModel
public import InsightsStore

extension Engine {
  /// Returns the document with a name; `nil` if there is none.
  public func document(kind: String, named name: String) throws(StoreError) -> StoredDocument? {
    try store.document(kind: kind, named: name)
  }

  /// Returns all documents of a kind, sorted by the bytes of their names.
  public func documents(kind: String) throws(StoreError) -> [StoredDocument] {
    try store.documents(kind: kind)
  }
}
