public import Foundation

/// Access to the project's files.
public enum Repository {
  /// The folder of Package.swift.
  public static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Returns the URL of a path relative to the root.
  public static func url(_ path: String) -> URL { root.appendingPathComponent(path) }

  /// Returns the files below a folder, by path from the root, sorted; `suffix` is the end of their
  /// names.
  public static func files(in folder: String, suffix: String) -> [String] {
    let names = FileManager.default.enumerator(atPath: url(folder).path)?.compactMap {
      $0 as? String
    }
    return (names ?? []).filter { $0.hasSuffix(suffix) }.map { "\(folder)/\($0)" }.sorted()
  }

  /// Returns the content of a file, by path from the root.
  public static func text(of path: String) throws -> String {
    try String(contentsOf: url(path), encoding: .utf8)
  }

  /// Whether tests rewrite their expectations; such a run always fails, so that it cannot be
  /// mistaken for a pass.
  public static let isRecording = ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1"
}

/// A temporary folder that is deleted with the object.
public final class TemporaryFolder: Sendable {
  /// The absolute path.
  public let path: String

  /// Creates the folder.
  public init() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("insights-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Writes a file to the folder; returns its path.
  public func write(_ text: String, to name: String) throws -> String {
    let file = "\(path)/\(name)"
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    return file
  }

  /// Writes a file below the folder, creating subfolders; returns its path.
  public func write(_ text: String, below path: String) throws -> String {
    let folder = URL(fileURLWithPath: "\(self.path)/\(path)").deletingLastPathComponent()
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return try write(text, to: path)
  }
}
