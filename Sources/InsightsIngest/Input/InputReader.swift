internal import Glibc
internal import InsightsText

/// Finds the files of the paths that a user gives.
enum InputReader {
  /// The file or the problem at a path.
  enum Entry: Equatable {
    case file(String)
    /// `reason` is the system's error message.
    case unreadable(String, reason: String)
    /// A folder that is, through a link, one of its own ancestors.
    case loop(String)
  }

  /// The object that CloudWatch writes to a bucket to test its permission.
  private static let exportTestName = "aws-logs-write-test"

  /// Returns the files of every path, in the order given; folders with all subfolders, sorted by
  /// name.
  ///
  /// Inside a folder, hidden files, SQLite databases, and files whose name begins with `README` are
  /// skipped: stores and descriptions are not logs. A folder that is reached several times through
  /// links is read once.
  static func entries(of paths: [String]) -> [Entry] {
    var entries: [Entry] = []
    for path in paths {
      if path == "-" {
        entries.append(.file(path))
      } else {
        var walk = Walk()
        append(path, isGiven: true, &walk, to: &entries)
      }
    }
    return entries
  }

  /// The folders visited below a given path.
  private struct Walk {
    var visited: Set<FileStatus.Identity> = []
    /// The ancestors of the current folder.
    var around: [FileStatus.Identity] = []
  }

  /// The maximum depth of folders; paths cannot be longer.
  private static let depthLimit = 1000

  private static func append(
    _ path: String, isGiven: Bool, _ walk: inout Walk, to entries: inout [Entry]
  ) {
    guard let status = FileStatus(path) else {
      entries.append(.unreadable(path, reason: String(cString: strerror(errno))))
      return
    }
    guard status.kind == .folder else {
      // A pipe that the user names is an input, as with `<(…)`; opening one found in a folder would
      // block.
      if isGiven || (status.kind == .file && !DatabaseFile.isOne(path)) {
        entries.append(.file(path))
      }
      return
    }
    let folder = status.identity
    if walk.around.contains(folder) {
      entries.append(.loop(path))
      return
    }
    guard walk.visited.insert(folder).inserted, walk.around.count < depthLimit else { return }
    walk.around.append(folder)
    defer { walk.around.removeLast() }
    guard let names = names(in: path) else {
      entries.append(.unreadable(path, reason: String(cString: strerror(errno))))
      return
    }
    for name in names where !isIgnored(name) {
      append(
        path.hasSuffix("/") ? path + name : path + "/" + name, isGiven: false, &walk, to: &entries)
    }
  }

  private static func isIgnored(_ name: String) -> Bool {
    name.hasPrefix(".") || name.hasPrefix("README") || name == exportTestName
  }

  /// Returns the names in a folder, sorted by their bytes; `nil` with `errno` set on failure.
  private static func names(in folder: String) -> [String]? {
    guard let directory = folder.withSystemPath({ opendir($0) }) else { return nil }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { SystemPath.text(ofCString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
