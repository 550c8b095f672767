internal import InsightsText

/// The labels of bars, truncated with `…` to fit.
enum LabelText {
  /// Truncates texts that are too long: log groups, streams and paths keep their end, others their
  /// beginning.
  ///
  /// If paths must be truncated, their common folder is dropped first. `pathWidth` is the width if
  /// all texts are paths.
  static func fitted(_ texts: [String], to width: Int, pathWidth: Int? = nil) -> [String] {
    let width = texts.allSatisfy(isPath) ? pathWidth ?? width : width
    guard texts.contains(where: { DisplayWidth.columns(of: $0) > width }) else { return texts }
    let prefix = texts.allSatisfy(isPath) ? commonFolder(of: texts) : ""
    return texts.map { fitted(prefix.isEmpty ? $0 : "…" + $0.dropFirst(prefix.count), to: width) }
  }

  private static func fitted(_ text: String, to width: Int) -> String {
    guard DisplayWidth.columns(of: text) > width, width > 0 else { return text }
    return isPath(text) ? "…" + text.suffix(width - 1) : DisplayWidth.truncate(text, to: width)
  }

  private static func isPath(_ text: String) -> Bool {
    let printable = text.hasPrefix("…") ? text.dropFirst() : text[...]
    return text.contains("/") && printable.utf8.allSatisfy { $0 > UInt8(ascii: " ") && $0 < 0x7F }
  }

  /// The common prefix of all texts, up to a slash.
  private static func commonFolder(of texts: [String]) -> Substring {
    guard texts.count > 1, var common = texts.first?[...] else { return "" }
    for text in texts {
      while !text.hasPrefix(common) { common.removeLast() }
    }
    guard let slash = common.lastIndex(of: "/") else { return "" }
    return common[..<slash]
  }
}
