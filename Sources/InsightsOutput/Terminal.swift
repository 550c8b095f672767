internal import Glibc
internal import InsightsText

/// When output is coloured: the values of `--color`.
public enum ColorChoice: String, CaseIterable, Hashable, Sendable {
  /// On a terminal that supports it, unless `NO_COLOR` is set.
  case auto
  case always
  case never
}

/// The properties of the terminal that formatters need.
public struct Terminal: Hashable, Sendable {
  /// The width in columns, at least 1; `nil` without a terminal, in which case nothing is
  /// truncated.
  public var columnCount: Int?
  /// The width to which prose and log lines are wrapped: that of the terminal, otherwise `COLUMNS`;
  /// `nil` if neither is known.
  public var proseColumnCount: Int?
  /// Whether to use bold and dim text.
  public var usesColor: Bool

  /// Output to a file or a pipe.
  public static let none = Terminal(columnCount: nil, usesColor: false)

  /// Makes a description.
  public init(columnCount: Int?, proseColumnCount: Int? = nil, usesColor: Bool) {
    self.columnCount = columnCount.map { max(1, $0) }
    self.proseColumnCount = (columnCount ?? proseColumnCount).map { max(1, $0) }
    self.usesColor = usesColor
  }

  /// Detects the properties of `fileDescriptor`.
  ///
  /// The width is `COLUMNS` if that is a number, otherwise the terminal's width, otherwise 80.
  ///
  /// - Parameters:
  ///   - fileDescriptor: The descriptor of the output.
  ///   - color: The user's choice. `.auto` means colour on a terminal, unless `NO_COLOR` is set and
  /// not empty or `TERM` is `dumb`.
  ///   - environment: Returns the value of an environment variable.
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

  /// Returns the value of an environment variable of this process.
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
