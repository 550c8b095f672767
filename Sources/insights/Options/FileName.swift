/// File names without their folders.
enum FileName {
  /// Returns the last component of a path; the path itself if it has none, such as `/` and `..`.
  static func last(of path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return name == "." || name == ".." ? path : name
  }
}
