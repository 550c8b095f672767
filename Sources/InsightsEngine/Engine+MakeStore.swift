public import InsightsModel
internal import InsightsStore

extension Engine {
  /// Creates an empty store at a path that does not exist yet.
  ///
  /// - Throws: `StoreError`.
  public static func makeStore(at path: String, waiting: Waiting = Waiting()) throws(StoreError) {
    try Store(path: path, access: .readWrite, waiting: waiting).close()
  }
}
