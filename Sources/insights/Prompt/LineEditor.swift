internal import CEdit
internal import Glibc
internal import InsightsOutput

/// Reads lines from a terminal with history and completion, by libedit.
///
/// libedit has global state, so this is an enum with static members.
enum LineEditor {
  /// The result of reading a line.
  enum Input {
    case line(String)
    /// Ctrl-C: the text typed so far is discarded.
    case interrupted
    /// Ctrl-D.
    case end
  }

  /// Returns the possible completions of the word before the cursor.
  typealias Completer = (_ textBeforeCursor: String) -> [String]

  nonisolated(unsafe) private static var completer: Completer?
  /// The previous lines of the same query.
  nonisolated(unsafe) private static var context = ""

  private static let historyLength: Int32 = 1000

  /// Prepares the terminal; `wordBreaks` are the characters that end words for completion.
  static func begin(wordBreaks: String, completer: @escaping Completer) {
    setlocale(LC_CTYPE, "")
    self.completer = completer
    // libedit keeps the pointer.
    insights_edit_set_completion(
      { _, _, end in LineEditor.matches(endingAt: Int(end)) }, strdup(wordBreaks))
    using_history()
    stifle_history(historyLength)
    if let path = historyPath { read_history(path) }
  }

  /// Reads a line; `context` is the lines above it.
  static func read(prompt: String, after context: String) -> Input {
    self.context = context
    guard let line = readline(prompt) else {
      return Interruption.takeRequest() ? .interrupted : .end
    }
    defer { free(line) }
    // The signal may also have arrived while libedit returned the line.
    return Interruption.takeRequest() ? .interrupted : .line(String(cString: line))
  }

  /// Whether more input is waiting, as after pasting several lines.
  static var hasMoreInput: Bool {
    var request = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    return poll(&request, 1, 20) > 0
  }

  /// Adds an entry to the history of this session and later ones.
  static func remember(_ entry: String) {
    guard !entry.isEmpty else { return }
    add_history(entry)
    guard let path = historyPath else { return }
    // Queries may contain confidential names.
    let mask = umask(0o077)
    defer { umask(mask) }
    makeFolders(above: path)
    write_history(path)
  }

  /// `$XDG_STATE_HOME/insights/history`, else below `~/.local/state`.
  private static var historyPath: String? {
    if let state = Terminal.environmentVariable("XDG_STATE_HOME"), state.hasPrefix("/") {
      return state + "/insights/history"
    }
    guard let home = Terminal.environmentVariable("HOME"), !home.isEmpty else { return nil }
    return home + "/.local/state/insights/history"
  }

  private static func makeFolders(above path: String) {
    var folder = ""
    for part in path.split(separator: "/").dropLast() {
      folder += "/" + part
      mkdir(folder, 0o700)
    }
  }

  // MARK: Completion

  /// Returns an array of C strings for libedit: the common prefix of all matches, the matches,
  /// NULL.
  private static func matches(
    endingAt end: Int
  ) -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? {
    let line = String(cString: insights_edit_line())
    let typed = String(decoding: Array(line.utf8).prefix(end), as: UTF8.self)
    let candidates = completer?(context + typed) ?? []
    let isFunction = candidates.count == 1 && candidates[0].hasSuffix("(")
    insights_edit_end_completion(isFunction ? 0 : CChar(UInt8(ascii: " ")))
    guard let first = candidates.first else { return nil }
    let common = candidates.dropFirst().reduce(first) { common, candidate in
      String(zip(common, candidate).prefix { $0.lowercased() == $1.lowercased() }.map { $0.0 })
    }
    // libedit reads the third element even if there is only one match.
    let texts = [common] + candidates
    let array = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(
      capacity: texts.count + 1)
    for (index, text) in texts.enumerated() { (array + index).initialize(to: strdup(text)) }
    (array + texts.count).initialize(to: nil)
    return array
  }
}
