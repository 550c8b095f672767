internal import ArgumentParser
internal import Glibc
internal import InsightsEngine
internal import InsightsOutput
internal import InsightsQuery
internal import InsightsText

/// Options for finding saved queries.
struct PackOptions: ParsableArguments {
  @Option(
    name: .customLong("queries"),
    help: ArgumentHelp(
      "Look for saved queries here first; then in $INSIGHTS_QUERIES, ./Queries, the installed and the built-in ones.",
      valueName: "folder"), completion: .directory)
  var folder: String?

  func validate() throws {
    if let folder, let kind = FileStatus(folder)?.kind, kind != .folder {
      throw ValidationError("--queries takes a folder; '\(folder)' is a \(kind.rawValue)")
    }
  }

  /// Returns the preparation of queries that may call saved queries and use lookup tables.
  func preparation(
    _ lookup: LookupOptions, parameters: [String: String]
  ) -> QueryPreparation {
    let folder = folder
    return QueryPreparation(
      parameters: parameters, pack: { Self.load(from: folder) }, lookupFiles: lookup.filesByTable,
      lookupFolders: lookupFolders)
  }

  func load() -> QueryPack { Self.load(from: folder) }

  /// Loads the saved queries of this folder and of the other folders that are searched.
  static func load(from folder: String?) -> QueryPack {
    QueryPack(folders: folders(with: folder) + [installedFolder].compactMap { $0 })
  }

  /// The folders that the user chooses, in order of precedence.
  var folders: [String] { Self.folders(with: folder) }

  private static func folders(with folder: String?) -> [String] {
    [folder, Terminal.environmentVariable("INSIGHTS_QUERIES"), "Queries"].compactMap { $0 }
      .filter { !$0.isEmpty }
  }

  /// `<prefix>/share/insights/queries`, where the program is `<prefix>/bin/insights`.
  private static var installedFolder: String? {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = buffer.withUnsafeMutableBytes { bytes in
      bytes.baseAddress.map { readlink("/proc/self/exe", $0, bytes.count) } ?? -1
    }
    guard count > 0, count < buffer.count else { return nil }
    let parts = String(decoding: buffer[..<count], as: UTF8.self).split(
      separator: "/", omittingEmptySubsequences: false)
    guard parts.count > 2 else { return nil }
    return (parts.dropLast(2) + ["share", "insights", "queries"]).joined(separator: "/")
  }

  /// The folder `Lookups` beside each folder of queries.
  var lookupFolders: [String] {
    folders.map { folder in
      var path = Substring(folder)
      while path.count > 1, path.hasSuffix("/") { path.removeLast() }
      return path.lastIndex(of: "/").map { path[...$0] + "Lookups" } ?? "Lookups"
    }
  }
}
