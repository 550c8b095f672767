internal import Glibc
internal import InsightsModel
internal import InsightsQuery

/// The CSV files that `lookup` and `cidrlookup` may use as tables.
struct LookupTables: Sendable {
  /// The maximum size of a file in bytes, as in CloudWatch.
  static let byteLimit = 10 << 20

  private let files: [String: String]
  private let folders: [String]

  /// Uses files by table name, then every `<name>.csv` of the folders; the first file with a name
  /// counts.
  init(files: [String: String], folders: [String]) {
    self.files = files
    self.folders = folders
  }

  /// Returns the existing tables that the queries use.
  ///
  /// - Throws: `LookupError` for a file that is not a table.
  func tables(usedBy sources: [SourceText]) throws(LookupError) -> [LookupTable] {
    var names: [String] = []
    for name in sources.flatMap(\.lookupTableNames) where !names.contains(name) {
      names.append(name)
    }
    var tables: [LookupTable] = []
    for name in names {
      guard let path = path(of: name) else { continue }
      // SQL ignores case in table names.
      if let other = tables.first(where: { $0.name.lowercased() == name.lowercased() }) {
        throw LookupError(
          path: path, line: nil, reason: "one query cannot use both '\(other.name)' and '\(name)'")
      }
      tables.append(try Self.read(path, as: name))
    }
    return tables
  }

  private func path(of name: String) -> String? {
    if let path = files[name] { return path }
    // A table name must not lead out of the folders.
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

/// A file that is not a valid lookup table.
public struct LookupError: Error, Hashable, Sendable {
  /// The path of the file.
  public var path: String
  /// The line, from 1; `nil` if the error concerns the whole file.
  public var line: Int?
  /// A lower-case phrase.
  public var reason: String
}
