internal import ArgumentParser
internal import InsightsEngine
internal import InsightsQuery

/// Completions of arguments for shells.
extension CompletionKind {
  /// The saved queries that can be found from this folder, and their packs.
  static var savedQueries: CompletionKind {
    .custom { _, _, prefix in
      let names = PackOptions.load(from: nil).queries.map(\.name)
      let packs = Set(names.compactMap { $0.split(separator: "/").first.map(String.init) })
      return (packs.sorted() + names).filter { $0.hasPrefix(prefix) }
    }
  }

  static var functionNames: CompletionKind { .list(FunctionRegistry.all.map(\.name)) }

  static var commandKeywords: CompletionKind {
    .list(CommandRegistry.all.map { $0.descriptor.keyword })
  }
}
