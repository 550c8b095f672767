/// What `--help` says, taken apart: the manual page is made of the same text.
struct HelpText {
  /// An argument, option or subcommand and what it is for.
  struct Entry: Hashable {
    var label: String
    var meaning: String
  }

  /// What the command is for: the first paragraph.
  private(set) var abstract = ""
  /// The further lines of the overview, as they stand.
  private(set) var discussion: [String] = []
  private(set) var usage = ""
  private(set) var arguments: [Entry] = []
  private(set) var options: [Entry] = []

  private enum Section {
    case overview, usage, arguments, options, other
  }

  /// Reads a help message that is wide enough for every entry to be one line, or two where its
  /// label is long.
  init(_ message: String) {
    var section = Section.other
    var overview: [String] = []
    for line in message.split(separator: "\n", omittingEmptySubsequences: false) {
      var rest = line
      if line.hasPrefix("OVERVIEW: ") {
        (section, rest) = (.overview, line.dropFirst("OVERVIEW: ".count))
      } else if line.hasPrefix("USAGE: ") {
        (section, rest) = (.usage, line.dropFirst("USAGE: ".count))
      } else if let first = line.first, first.isUppercase, line.hasSuffix(":"), section != .overview
      {
        section = line == "ARGUMENTS:" ? .arguments : line == "OPTIONS:" ? .options : .other
        continue
      }
      switch section {
      case .overview: overview.append(String(rest))
      case .usage: usage += rest
      case .arguments: Self.add(rest, to: &arguments)
      case .options: Self.add(rest, to: &options)
      case .other: break
      }
    }
    abstract = overview.first ?? ""
    discussion = Array(overview.dropFirst().drop { $0.isEmpty })
    while discussion.last?.isEmpty == true { discussion.removeLast() }
  }

  /// Lines of entries are indented by two, those that go on by more.
  private static func add(_ line: Substring, to entries: inout [Entry]) {
    let text = line.drop { $0 == " " }
    guard !text.isEmpty else { return }
    if line.count - text.count > 2 {
      guard !entries.isEmpty else { return }
      let last = entries.count - 1
      entries[last].meaning += (entries[last].meaning.isEmpty ? "" : " ") + text
      return
    }
    var label = text
    var meaning: Substring = ""
    // A label that just fits its column has a single space after it.
    if let gap = text.indices.first(where: { text[$0...].hasPrefix("  ") })
      ?? text.firstIndex(of: ">").map(text.index(after:))
    {
      label = text[..<gap]
      meaning = text[gap...].drop { $0 == " " }
    }
    entries.append(Entry(label: String(label), meaning: String(meaning)))
  }
}
