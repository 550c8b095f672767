public import InsightsStore

extension Engine {
  /// The document with a name; `nil` where there is none.
  public func document(kind: String, named name: String) throws(StoreError) -> StoredDocument? {
    try store.document(kind: kind, named: name)
  }

  /// All documents of a kind, in the order of their names' bytes.
  public func documents(kind: String) throws(StoreError) -> [StoredDocument] {
    try store.documents(kind: kind)
  }
}
