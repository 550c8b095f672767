internal import ArgumentParser

/// The manual page, in roff's man macros, generated from `--help`.
enum ManualPage {
  /// The whole page.
  static var text: String {
    let root = HelpText(help(of: Insights.self))
    let commands = commands(below: Insights.self)
    let common = optionsOfAll(commands)
    var lines = [
      ".TH INSIGHTS 1 \"\" \"insights \(Insights.version)\" \"User Commands\"",
      ".SH NAME", "insights \\- \(roff(withoutFullStop(root.abstract)))",
      ".SH SYNOPSIS", ".B insights", ".I command", "[\\fIargument\\fR ...] [\\fIoption\\fR ...]",
      ".SH DESCRIPTION",
    ]
    lines += paragraphs(root.discussion)
    lines.append(".SH COMMANDS")
    for command in commands {
      lines.append(".SS \(roff(command.usage))")
      lines += paragraphs([command.abstract, ""] + command.discussion)
      lines += entries(command.arguments)
      lines += entries(command.options.filter { !common.contains($0) })
    }
    lines += [".SH OPTIONS", "Every command takes these."] + entries(common)
    lines.append(".SH EXIT STATUS")
    for status in ExitStatus.allCases {
      lines += [".TP", ".B \(status.rawValue)", roff(status.meaning)]
    }
    lines.append(".SH ENVIRONMENT")
    for (name, meaning) in environment {
      lines += [".TP", ".B \(name)", roff(meaning)]
    }
    lines += [
      ".SH SEE ALSO", ".BR sqlite3 (1);", "the tables of a store can be read with it.",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  private static let environment = [
    ("INSIGHTS_DB", "The store, where --db does not name one. Without both: insights.db."),
    ("INSIGHTS_QUERIES", "A folder of saved queries."),
    (
      "TMPDIR",
      "The folder for temporary files: --from, standard input, sorts that do not fit in memory."
    ),
    ("NO_COLOR", "When not empty, nothing is coloured unless --color says so."),
    ("COLUMNS", "The width of the terminal."),
  ]

  private static func help(of command: any ParsableCommand.Type) -> String {
    // Wide enough to prevent wrapping, which is left to roff.
    Insights.helpMessage(for: command, columns: 100_000)
  }

  /// All commands that can be run: groups are replaced by their members.
  private static func commands(below parent: any ParsableCommand.Type) -> [HelpText] {
    var commands: [HelpText] = []
    for command in parent.configuration.subcommands where command.configuration.shouldDisplay {
      let members = Self.commands(below: command)
      commands += members.isEmpty ? [HelpText(help(of: command))] : members
    }
    return commands
  }

  /// The options that every command has.
  private static func optionsOfAll(_ commands: [HelpText]) -> [HelpText.Entry] {
    guard let first = commands.first else { return [] }
    return first.options.filter { option in
      commands.allSatisfy { $0.options.contains(option) }
    }
  }

  private static func entries(_ entries: [HelpText.Entry]) -> [String] {
    entries.flatMap { [".TP", "\\fB\(roff($0.label))\\fR", roff($0.meaning)] }
  }

  /// Formats lines as paragraphs; indented lines, the examples, are kept.
  private static func paragraphs(_ lines: [String]) -> [String] {
    var output: [String] = []
    var isExample = false
    for line in lines {
      let isIndented = line.hasPrefix(" ")
      if isIndented != isExample, isIndented || !line.isEmpty {
        output.append(isIndented ? ".PP\n.nf" : ".fi")
        isExample = isIndented
      }
      output.append(line.isEmpty ? ".PP" : roff(line))
    }
    return output + (isExample ? [".fi"] : [])
  }

  /// Escapes text, so that nothing is interpreted as a request or an escape.
  private static func roff(_ text: String) -> String {
    var output = ""
    for character in text {
      switch character {
      case "\\": output += "\\e"
      case "-": output += "\\-"
      case "'": output += "\\(aq"
      case "`": output += "\\(ga"
      case "^": output += "\\(ha"
      case "~": output += "\\(ti"
      default: output.append(character)
      }
    }
    return output.hasPrefix(".") ? "\\&" + output : output
  }

  private static func withoutFullStop(_ text: String) -> String {
    text.hasSuffix(".") ? String(text.dropLast()) : text
  }
}
