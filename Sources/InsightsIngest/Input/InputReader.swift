internal import Glibc

/// Finds the files that paths stand for.
enum InputReader {
  /// What a path turned out to be.
  enum Entry: Equatable {
    case file(String)
    /// `reason` is the system's text.
    case unreadable(String, reason: String)
  }

  /// The object that CloudWatch writes into a bucket to see whether it may.
  private static let exportTestName = "aws-logs-write-test"

  /// The files of every path, in the order given; folders with all below them, sorted by name.
  ///
  /// Below a folder hidden files and links to folders are left out, so that no walk is endless.
  static func entries(of paths: [String]) -> [Entry] {
    var entries: [Entry] = []
    for path in paths {
      if path == "-" {
        entries.append(.file(path))
      } else {
        append(path, isGiven: true, to: &entries)
      }
    }
    return entries
  }

  private static func append(_ path: String, isGiven: Bool, to entries: inout [Entry]) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      entries.append(.unreadable(path, reason: String(cString: strerror(errno))))
      return
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      // A pipe that the user names is an input, as with `<(…)`; one met on a walk would block.
      if isGiven || status.st_mode & S_IFMT == S_IFREG { entries.append(.file(path)) }
      return
    }
    guard isGiven || !isLink(path) else { return }
    guard let names = names(in: path) else {
      entries.append(.unreadable(path, reason: String(cString: strerror(errno))))
      return
    }
    for name in names where !name.hasPrefix(".") && name != exportTestName {
      append(path.hasSuffix("/") ? path + name : path + "/" + name, isGiven: false, to: &entries)
    }
  }

  private static func isLink(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  /// The names in a folder, sorted by their bytes; `nil` with `errno` set.
  private static func names(in folder: String) -> [String]? {
    guard let directory = opendir(folder) else { return nil }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
