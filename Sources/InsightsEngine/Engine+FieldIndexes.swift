public import InsightsModel
internal import InsightsStore

extension Engine {
  /// Returns the field indexes: the field of each, the number of indexed segments, and its size in
  /// bytes.
  ///
  /// - Throws: `StoreError`.
  public func fieldIndexes() throws -> ResultTable { try store.fieldIndexes() }

  /// Indexes fields of the existing store at a path.
  ///
  /// `progress` is called after each segment, with the bytes and events processed so far.
  ///
  /// - Throws: `StoreError`.
  public static func addFieldIndexes(
    of fields: [String], toStoreAt path: String, waiting: Waiting = Waiting(),
    progress: ((_ bytes: Int, _ events: Int) -> Void)? = nil
  ) throws {
    try change(storeAt: path, waiting) { try $0.addFieldIndexes(of: fields, progress: progress) }
  }

  /// Removes the indexes of fields, if they exist, from the store at a path.
  ///
  /// - Throws: `StoreError`.
  public static func removeFieldIndexes(
    of fields: [String], fromStoreAt path: String, waiting: Waiting = Waiting()
  ) throws {
    try change(storeAt: path, waiting) { try $0.removeFieldIndexes(of: fields) }
  }

  /// Changes the existing store at a path, as its only writer.
  private static func change(
    storeAt path: String, _ waiting: Waiting, _ body: (Store) throws -> Void
  ) throws {
    // Opening for writing would create a missing store.
    _ = try Store(path: path, access: .readOnly, waiting: waiting)
    let store = try Store(path: path, access: .readWrite, waiting: waiting)
    let result = Result { try body(store) }
    // Also after an interruption, so that the store is a single file again.
    try store.close()
    try result.get()
  }
}
