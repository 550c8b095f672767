/// Names of files without the folders that they are in.
enum FileName {
  /// The last part of a path; the path itself where it has none, as `/` and `..` do.
  static func last(of path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return name == "." || name == ".." ? path : name
  }
}
