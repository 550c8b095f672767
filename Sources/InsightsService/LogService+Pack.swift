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
    let source = SourceText(text, name: "query")
    // Only a call needs the pack, which is read from files.
    return text.contains("$") ? try pack.expandingCalls(in: source) : source
  }
}
