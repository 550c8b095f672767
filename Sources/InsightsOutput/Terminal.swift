internal import Glibc
internal import InsightsText

/// When output is coloured: what `--color` takes.
public enum ColorChoice: String, CaseIterable, Hashable, Sendable {
  /// On a terminal that can, unless `NO_COLOR` is set.
  case auto
  case always
  case never
}

/// What formatters need to know of the terminal that output goes to.
public struct Terminal: Hashable, Sendable {
  /// The width of the terminal in columns, at least 1; `nil` when output does not go to a terminal,
  /// and then nothing is cut.
  public var columnCount: Int?
  /// The columns that prose and log lines are wrapped to, which loses nothing of them: those of the
  /// terminal, elsewhere `COLUMNS`; `nil` where that is not set either.
  public var proseColumnCount: Int?
  /// Whether bold and dim text is wanted.
  public var usesColor: Bool

  /// Output to a file or a pipe.
  public static let none = Terminal(columnCount: nil, usesColor: false)

  /// Describes a terminal.
  public init(columnCount: Int?, proseColumnCount: Int? = nil, usesColor: Bool) {
    self.columnCount = columnCount.map { max(1, $0) }
    self.proseColumnCount = (columnCount ?? proseColumnCount).map { max(1, $0) }
    self.usesColor = usesColor
  }

  /// Finds out what `fileDescriptor` is.
  ///
  /// The width is `COLUMNS` if that is a number, else what the terminal says, else 80.
  ///
  /// - Parameters:
  ///   - fileDescriptor: Where the output goes.
  ///   - color: The user's wish. `.auto` means colour on a terminal, unless `NO_COLOR` is set and
  ///     not empty or `TERM` is `dumb`.
  ///   - environment: Looks up an environment variable.
  public init(
    fileDescriptor: Int32, color: ColorChoice = .auto,
    environment: (String) -> String? = Terminal.environmentVariable
  ) {
    let isTerminal = isatty(fileDescriptor) == 1
    let wish = environment("COLUMNS").flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
    self.init(
      columnCount: isTerminal ? wish ?? Self.windowColumnCount(of: fileDescriptor) ?? 80 : nil,
      proseColumnCount: wish,
      usesColor: Self.usesColor(color, isTerminal: isTerminal, environment: environment))
  }

  /// The value of an environment variable of this process.
  public static func environmentVariable(_ name: String) -> String? {
    getenv(name).map { SystemPath.text(ofCString: $0) }
  }

  private static func usesColor(
    _ choice: ColorChoice, isTerminal: Bool, environment: (String) -> String?
  ) -> Bool {
    switch choice {
    case .always: true
    case .never: false
    case .auto:
      isTerminal && environment("NO_COLOR") ?? "" == "" && environment("TERM") != "dumb"
    }
  }

  private static func windowColumnCount(of fileDescriptor: Int32) -> Int? {
    var size = winsize()
    guard ioctl(fileDescriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }
}
