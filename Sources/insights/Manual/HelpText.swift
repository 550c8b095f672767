/// The parsed text of `--help`, from which the manual page is generated.
struct HelpText {
  /// An argument, option or subcommand with its description.
  struct Entry: Hashable {
    var label: String
    var meaning: String
  }

  /// The first paragraph: what the command does.
  private(set) var abstract = ""
  /// The remaining lines of the overview, unchanged.
  private(set) var discussion: [String] = []
  private(set) var usage = ""
  private(set) var arguments: [Entry] = []
  private(set) var options: [Entry] = []

  private enum Section {
    case overview, usage, arguments, options, other
  }

  /// Parses a help message of a width at which every entry takes one line, or two if its label is
  /// long.
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

  /// Lines of entries are indented by two spaces, continuation lines by more.
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
    // A label that fills its column is followed by a single space.
    if let gap = text.indices.first(where: { text[$0...].hasPrefix("  ") })
      ?? text.firstIndex(of: ">").map(text.index(after:))
    {
      label = text[..<gap]
      meaning = text[gap...].drop { $0 == " " }
    }
    entries.append(Entry(label: String(label), meaning: String(meaning)))
  }
}
