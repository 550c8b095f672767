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

  /// Keeps a document in the store at a path, in the place of one of its kind and name.
  ///
  /// - Throws: `StoreError`.
  public static func put(
    _ document: StoredDocument, intoStoreAt path: String, waiting: Waiting = Waiting()
  ) throws {
    try change(storeAt: path, waiting) { try $0.put(document) }
  }

  /// Removes a document from the store at a path; false where there is none.
  ///
  /// - Throws: `StoreError`.
  public static func removeDocument(
    kind: String, named name: String, fromStoreAt path: String, waiting: Waiting = Waiting()
  ) throws -> Bool {
    var wasThere = false
    try change(storeAt: path, waiting) { store in
      wasThere = try store.removeDocument(kind: kind, named: name)
    }
    return wasThere
  }
}
