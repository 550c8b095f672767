public import Foundation

/// The project's files, as tests reach them.
public enum Repository {
  /// The folder of Package.swift.
  public static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  public static func url(_ path: String) -> URL { root.appendingPathComponent(path) }

  /// The files below a folder, by path from the root, sorted; `suffix` is how their names end.
  public static func files(in folder: String, suffix: String) -> [String] {
    let names = FileManager.default.enumerator(atPath: url(folder).path)?.compactMap {
      $0 as? String
    }
    return (names ?? []).filter { $0.hasSuffix(suffix) }.map { "\(folder)/\($0)" }.sorted()
  }

  public static func text(of path: String) throws -> String {
    try String(contentsOf: url(path), encoding: .utf8)
  }

  /// Whether tests rewrite what they expect, and then fail, so that a recording run never passes.
  public static let isRecording = ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1"
}

/// A folder that is there while the object is.
public final class TemporaryFolder {
  public let path: String

  public init() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("insights-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Writes a file into the folder and gives its path.
  public func write(_ text: String, to name: String) throws -> String {
    let file = "\(path)/\(name)"
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    return file
  }

  /// Writes a file into folders below this one, which are made, and gives its path.
  public func write(_ text: String, below path: String) throws -> String {
    let folder = URL(fileURLWithPath: "\(self.path)/\(path)").deletingLastPathComponent()
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return try write(text, to: path)
  }
}
