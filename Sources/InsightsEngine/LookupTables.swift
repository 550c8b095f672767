internal import Glibc
public import InsightsModel
public import InsightsQuery

/// The CSV files that `lookup` and `cidrlookup` may name as tables.
public struct LookupTables: Sendable {
  /// Largest file that is read, as in CloudWatch.
  static let byteLimit = 10 << 20

  private let files: [String: String]
  private let folders: [String]

  /// Files by the names of their tables, then every `<name>.csv` of the folders, the first of a name.
  public init(files: [String: String], folders: [String]) {
    self.files = files
    self.folders = folders
  }

  /// The tables that the queries name, as far as they are there.
  ///
  /// - Throws: `LookupError` for a file that is no table.
  public func tables(usedBy sources: [SourceText]) throws(LookupError) -> [LookupTable] {
    var names: [String] = []
    for name in sources.flatMap(\.lookupTableNames) where !names.contains(name) {
      names.append(name)
    }
    var tables: [LookupTable] = []
    for name in names {
      if let path = path(of: name) { tables.append(try Self.read(path, as: name)) }
    }
    return tables
  }

  private func path(of name: String) -> String? {
    if let path = files[name] { return path }
    // A name of a query must not lead out of the folders.
    guard !name.contains("/") else { return nil }
    return folders.map { "\($0)/\(name).csv" }.first { access($0, F_OK) == 0 }
  }

  private static func read(_ path: String, as name: String) throws(LookupError) -> LookupTable {
    guard let bytes = TextFile.bytes(of: path, limit: byteLimit) else {
      throw LookupError(
        path: path, line: nil, reason: "cannot be read, or has more than \(byteLimit >> 20) MB")
    }
    do {
      return try LookupTable(csv: bytes, name: name)
    } catch {
      throw LookupError(path: path, line: error.line, reason: error.reason)
    }
  }
}

/// A file that is no lookup table.
public struct LookupError: Error, Hashable, Sendable {
  public var path: String
  /// From 1; `nil` where it is about the whole file.
  public var line: Int?
  public var reason: String
}
