internal import Foundation

/// A golden file: logs, queries over them, and the expected output of every stage.
///
/// ```text
/// # limit: keeps the first rows after sorting
/// -- logs: SampleLogs/payments
/// -- query
/// fields @timestamp | sort @timestamp asc | limit 2
/// -- plan
/// -- sql
/// -- result
/// -- error
/// ```
///
/// A section is a line that begins with `-- ` and the lines after it. These sections apply to all
/// that follow: `logs` (a path, or the text of a log), `sample-logs` (all of SampleLogs/),
/// `log-group`, `log-stream`, `now`, `start`, `end` and `param` (`name=value`; without a value it
/// is unset), `lookup` (a table's name, and its CSV text) and `library` (the name of a saved query,
/// and its text). A `query`, `saved` (the name of a query in Queries/) or `select` (SQL over the
/// store) begins a case. The sections after it are the expected output: `tokens`, `syntax`, `plan`,
/// `sql`, `pushdown` (what scans do of it), `result [format]`, `warnings`, `traps`, `error`. An empty one is filled in by a recording
/// run.
public struct GoldenFile: Sendable {
  /// A section of the file.
  public struct Section: Sendable, Equatable {
    /// The first word of its line.
    public var name: String
    /// The rest of the line, without the colon.
    public var argument: String
    /// The lines below, without the last line break.
    public var body: String
  }

  /// The path, relative to the project's root.
  public let path: String
  private let comment: String
  /// All sections, in order.
  public private(set) var sections: [Section]

  /// Reads a file.
  public init(path: String) throws {
    self.path = path
    var comment: [Substring] = []
    var sections: [Section] = []
    var body: [Substring] = []
    func endSection() {
      guard !sections.isEmpty else { return }
      while body.last?.isEmpty == true { body.removeLast() }
      sections[sections.count - 1].body = body.joined(separator: "\n")
      body = []
    }
    for line in try Repository.text(of: path).split(
      separator: "\n", omittingEmptySubsequences: false)
    {
      // `-- ?1 = …` is a line of the stage `sql`.
      if line.hasPrefix("-- "), !line.hasPrefix("-- ?") {
        endSection()
        let words = line.dropFirst(3).split(separator: " ", maxSplits: 1)
        let name = words.first.map { $0.hasSuffix(":") ? $0.dropLast() : $0 } ?? ""
        sections.append(
          Section(name: String(name), argument: words.count > 1 ? String(words[1]) : "", body: ""))
      } else if sections.isEmpty {
        comment.append(line)
      } else {
        body.append(line)
      }
    }
    endSection()
    self.comment = comment.joined(separator: "\n")
    self.sections = sections
  }

  /// Replaces the bodies of sections by the actual output.
  public mutating func record(_ bodies: [Int: String]) {
    for (index, body) in bodies { sections[index].body = body }
  }

  /// Writes the file.
  public func save() throws {
    try Data(text.utf8).write(to: Repository.url(path))
  }

  private var text: String {
    var text = comment.isEmpty ? "" : comment + "\n"
    for (index, section) in sections.enumerated() {
      // Separate a case from the previous one by an empty line.
      if index > 0, ["query", "saved", "select", "logs"].contains(section.name),
        !text.hasSuffix("\n\n")
      {
        text += "\n"
      }
      text += "-- " + section.name
      if !section.argument.isEmpty {
        text += (section.name == "result" ? " " : ": ") + section.argument
      }
      text += "\n"
      if !section.body.isEmpty { text += section.body + "\n" }
    }
    return text
  }
}
