public import InsightsEngine
public import InsightsQuery

extension LogService {
  /// The saved queries.
  public var pack: QueryPack { options.pack }

  /// The name of the store, without its folder.
  public var storeName: String {
    options.storePath.split(separator: "/").last.map(String.init) ?? ""
  }

  /// Returns a query with the saved queries that it calls expanded.
  ///
  /// - Throws: `QueryError`.
  public func source(of text: String) throws -> SourceText {
    try pack.expandingCalls(in: SourceText(text, name: "query"))
  }
}
