@testable import InsightsSegments
internal import InsightsSQLite
import Foundation
import InsightsIngest
@testable import InsightsStore

/// A folder of a test's own that goes away with it.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "insights-ingest-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Writes a file, in folders that are made where they are missing, and gives its path.
  func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
    let file = path + "/" + name
    try FileManager.default.createDirectory(
      atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }

  func write(_ text: String, to name: String) throws -> String {
    try write(text.utf8, to: name)
  }

  /// Imports files into the store of this folder.
  @discardableResult
  func ingest(
    _ paths: [String], options: ImportOptions = ImportOptions()
  ) throws -> ImportSummary {
    let store = try Store(path: path + "/test.db", access: .readWrite)
    let summary = try Importer(store: store, options: options).run(paths: paths)
    try store.close()
    return summary
  }

  /// The rows that a statement gives from the store, values as text, `nil` for NULL.
  ///
  /// The events are there as the table `log_events`, by position.
  func rows(_ sql: String) throws -> [[String?]] {
    let store = try Store(path: path + "/test.db", access: .readOnly)
    if sql.contains("log_events") { try EventListing.fill(store.connection) }
    let statement = try store.connection.prepare(sql)
    var rows: [[String?]] = []
    while try statement.step() {
      rows.append((0..<statement.columnCount).map { statement.optionalText(at: $0) })
    }
    return rows
  }

  /// The first column of the rows.
  func column(_ sql: String) throws -> [String?] {
    try rows(sql).map { $0[0] }
  }
}
