public import InsightsEngine
public import InsightsQuery

extension LogService {
  /// The saved queries.
  public var pack: QueryPack { options.pack }

  /// The name of the store, without the folder that it is in.
  public var storeName: String {
    options.storePath.split(separator: "/").last.map(String.init) ?? ""
  }

  /// A query with the saved ones that it calls put in.
  ///
  /// - Throws: `QueryError`.
  public func source(of text: String) throws -> SourceText {
    try pack.expandingCalls(in: SourceText(text, name: "query"))
  }
}
