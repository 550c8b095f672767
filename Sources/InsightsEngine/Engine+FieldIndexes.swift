public import InsightsModel
public import InsightsStore

extension Engine {
  /// The field indexes: the field of each, the segments that it knows, and the bytes it takes.
  ///
  /// - Throws: `StoreError`.
  public func fieldIndexes() throws -> ResultTable { try store.fieldIndexes() }

  /// Indexes fields of the store at a path, which must be there.
  ///
  /// `progress` is called after each segment, with the bytes and the events of all so far.
  ///
  /// - Throws: `StoreError`.
  public static func addFieldIndexes(
    of fields: [String], toStoreAt path: String, waiting: Waiting = Waiting(),
    progress: ((_ bytes: Int, _ events: Int) -> Void)? = nil
  ) throws {
    try change(storeAt: path, waiting) { try $0.addFieldIndexes(of: fields, progress: progress) }
  }

  /// Removes the indexes of fields, as far as there are any, from the store at a path.
  ///
  /// - Throws: `StoreError`.
  public static func removeFieldIndexes(
    of fields: [String], fromStoreAt path: String, waiting: Waiting = Waiting()
  ) throws {
    try change(storeAt: path, waiting) { try $0.removeFieldIndexes(of: fields) }
  }

  /// Does something to the store at a path, which must be there, as its only writer.
  private static func change(
    storeAt path: String, _ waiting: Waiting, _ body: (Store) throws -> Void
  ) throws {
    // One that is opened for writing would be made where there is none.
    _ = try Store(path: path, access: .readOnly, waiting: waiting)
    let store = try Store(path: path, access: .readWrite, waiting: waiting)
    let result = Result { try body(store) }
    // Also where it was stopped, so that the store is one file again.
    try store.close()
    try result.get()
  }
}
