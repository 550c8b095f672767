internal import Glibc
internal import InsightsEngine
internal import InsightsModel
internal import InsightsOutput
internal import InsightsQuery

/// The interactive prompt: `insights query` without a query on a terminal.
struct Prompt {
  /// Runs a query and writes its rows; returns the columns.
  typealias Answer = (_ query: String, _ format: String) throws -> [ResultColumn]

  private let reporter: Reporter
  private let fields: [String]
  private let answer: Answer
  private var format: String
  private var columns: [String] = []
  private var lastQuery = ""

  /// The row limit of queries without one: about two screens.
  static let rowLimit = 100

  /// Whether standard input and output are terminals.
  static var isPossible: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 }

  init(format: String, fields: [String], reporter: Reporter, answer: @escaping Answer) {
    self.format = format
    self.fields = fields
    self.reporter = reporter
    self.answer = answer
  }

  private static let help = """
    A query ends with its line, unless the line ends with '|' or something is still open.
    A query that begins with '|' goes on from the last one. Tab completes.

      \\?              this help
      \\fields         the fields that the events have
      \\format NAME    how results are written: \
    \(OutputFormatRegistry.all.map { $0.descriptor.name }.joined(separator: ", "))
      \\edit           write the query in $EDITOR, beginning with the last one
      \\q              quit, as does Ctrl-D

    """

  /// Runs until the user leaves.
  mutating func run(welcome: String) throws {
    Interruption.watch()
    let words = PromptWords(fields: fields)
    LineEditor.begin(wordBreaks: QueryCompletion.wordBreaks, completer: words.candidates)
    if !reporter.isQuiet { try write(welcome + "\n") }
    var query = ""
    while true {
      let prompt = query.isEmpty ? "insights> " : "       -> "
      switch LineEditor.read(prompt: prompt, after: query) {
      case .end:
        return try write("\n")
      case .interrupted:
        query = ""
        try write("^C\n")
      case .line(let line):
        // A line that arrived together with the previous one (pasted) and does not continue it.
        if !query.isEmpty, !QueryCompletion.isUnfinished(query), !line.continuesOnNextLine {
          try finish(query, words)
          query = ""
        }
        let command = Self.command(meantBy: line)
        if query.isEmpty, command.hasPrefix("\\") {
          LineEditor.remember(line)
          guard let edited = try obey(command) else { return }
          query = edited
        } else {
          query += line + "\n"
        }
        if query.allSatisfy(\.isWhitespace) { query = "" }
        if query.isEmpty || QueryCompletion.isUnfinished(query) || LineEditor.hasMoreInput {
          continue
        }
        try finish(query, words)
        query = ""
      }
    }
  }

  /// The commands of other programs' prompts, and this program's without the backslash.
  private static let foreignCommands = [
    "help": "\\?", "?": "\\?", ".help": "\\?", ":help": "\\?", "\\h": "\\?",
    "quit": "\\q", "exit": "\\q", "q": "\\q", ":q": "\\q", ".quit": "\\q", ".exit": "\\q",
    ":quit": "\\q", "bye": "\\q", "logout": "\\q", "exit()": "\\q", "quit()": "\\q",
    "\\exit": "\\q",
    ".tables": "\\fields", ".schema": "\\fields", ".columns": "\\fields", "\\d": "\\fields",
    "\\dt": "\\fields", "show tables": "\\fields", "describe": "\\fields",
  ]

  /// Returns the command of this prompt that a line abbreviates; any other line unchanged.
  private static func command(meantBy line: String) -> String {
    var word = line.lowercased()
    while let last = word.last, last.isWhitespace || last == ";" { word.removeLast() }
    return foreignCommands[String(word.drop { $0.isWhitespace })] ?? line
  }

  /// Runs a complete query.
  private mutating func finish(_ query: String, _ words: PromptWords) throws {
    LineEditor.remember(query.onOneLine)
    let isContinuation = query.drop { $0.isWhitespace }.hasPrefix("|")
    try run(isContinuation ? lastQuery + query : query)
    words.columns = columns
  }

  /// Executes a command of the prompt; returns `nil` to leave, otherwise the text of a query to
  /// continue.
  private mutating func obey(_ line: String) throws -> String? {
    let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
    let argument = parts.count > 1 ? parts[1].filter { $0 != " " } : ""
    switch parts[0] {
    case "\\q", "\\quit": return nil
    case "\\?", "\\help": try write(Self.help)
    case "\\fields": try write(fields.joined(separator: "\n") + (fields.isEmpty ? "" : "\n"))
    case "\\format":
      if OutputFormatRegistry.all.contains(where: { $0.descriptor.name == argument }) {
        format = argument
      } else {
        let names = OutputFormatRegistry.all.map { $0.descriptor.name }.joined(separator: ", ")
        reporter.error("unknown format '\(argument)'", help: ["formats: \(names)"])
      }
    case "\\edit": return ExternalEditor.edit(lastQuery) ?? ""
    default: reporter.error("unknown command '\(parts[0])'", help: ["\\? lists the commands"])
    }
    return ""
  }

  /// Runs a query; an error is reported, and the prompt continues.
  private mutating func run(_ query: String) throws {
    do {
      try reporting(to: reporter) {
        columns = try answer(query, format).map(\.name)
        lastQuery = query
        return .success
      }
    } catch {
      // The error has been reported already; the exit status is for scripts. Only a lost terminal
      // ends the prompt.
      guard isatty(STDOUT_FILENO) == 1 else { throw error }
    }
    _ = Interruption.takeRequest()
  }

  private func write(_ text: String) throws {
    var buffer = OutputBuffer(fileDescriptor: STDOUT_FILENO)
    buffer.append(text)
    try buffer.flush()
  }
}

/// The completions: words of the language, and names seen in this session.
final class PromptWords {
  /// The columns of the last result.
  var columns: [String] = []
  private let fields: [String]

  init(fields: [String]) {
    self.fields = fields
  }

  func candidates(for text: String) -> [String] {
    guard !text.hasPrefix("\\") else {
      let commands = ["\\?", "\\edit", "\\fields", "\\format", "\\q"]
      return commands.filter { $0.hasPrefix(text) }
    }
    let completion = QueryCompletion(fields: fields + columns.filter { !fields.contains($0) })
    return completion.candidates(for: text).map(\.text)
  }
}

extension String {
  /// Whether a line looks like a continuation of the previous one.
  fileprivate var continuesOnNextLine: Bool {
    guard let first else { return true }
    return first == "|" || first == "#" || first.isWhitespace
  }

  /// A query on one line for the history, without comments, which would hide the rest.
  fileprivate var onOneLine: String {
    split(separator: "\n").filter { !$0.drop { $0 == " " }.hasPrefix("#") }.joined(separator: " ")
  }
}
