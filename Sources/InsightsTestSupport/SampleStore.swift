internal import Foundation
internal import InsightsEngine
internal import InsightsIngest

/// A store of everything in SampleLogs/, created once per test run.
public enum SampleStore {
  /// The path of the store, which is complete and read-only.
  ///
  /// - Throws: the error that prevented its creation.
  public static var path: String {
    get throws { try made.get() }
  }

  /// The folders of SampleLogs/ with their log groups, from its README.md.
  public static var logGroups: [(folder: String, name: String)] {
    get throws {
      try Repository.text(of: "SampleLogs/README.md").split(separator: "\n").compactMap { line in
        let cells = line.split(separator: "|").map {
          $0.trimmingCharacters(in: CharacterSet(charactersIn: " `"))
        }
        guard cells.count == 3, line.hasPrefix("| `") else { return nil }
        return (folder: "SampleLogs/\(cells[0])", name: cells[1])
      }
    }
  }

  private static let made = Result {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("insights-samples-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    leftover.set(folder)
    // Deleted at exit, since no test knows that it is the last.
    atexit { SampleStore.leftover.remove() }
    let path = "\(folder)/samples.db"
    for (source, name) in try logGroups {
      _ = try Engine.ingest(
        [Repository.url(source).path], intoStoreAt: path, options: ImportOptions(logGroup: name))
    }
    return path
  }

  private static let leftover = Leftover()

  /// A folder to delete at exit; set once, before it can be read.
  private final class Leftover: @unchecked Sendable {
    private let lock = NSLock()
    private var path: String?

    func set(_ path: String) {
      lock.withLock { self.path = path }
    }

    func remove() {
      lock.withLock {
        if let path { try? FileManager.default.removeItem(atPath: path) }
      }
    }
  }
}
