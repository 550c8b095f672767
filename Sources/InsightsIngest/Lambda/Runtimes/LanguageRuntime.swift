internal import InsightsText

/// The forms in which one language's runtime and loggers write errors into logs.
///
/// To add a language, add a file with a conforming type, and the type to `Runtimes`. All
/// requirements have defaults.
protocol LanguageRuntime: SendableMetatype {
  /// The value of the column `runtime` in `errors`.
  static var name: String { get }

  // MARK: Errors in one event

  /// Marks, at least one of which every text with an error has.
  static var marks: ErrorMarks { get }
  /// Whether a text may contain an error; fast, since it is called for every event with such a
  /// mark.
  static func mayReportError(_ text: UnsafeBufferPointer<UInt8>) -> Bool
  /// Parses the error in a text.
  static func parse(_ message: EventMessage) -> RuntimeError?

  /// JSON keys that only this runtime uses for errors.
  static var jsonKeys: [String] { get }
  /// Whether an object with such a key may contain an error.
  static func mayReportErrorInJSON(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool
  /// Parses the error in such an object.
  static func parseJSON(_ bytes: UnsafeBufferPointer<UInt8>, objectAt start: Int) -> RuntimeError?

  /// The ends of lines that precede the JSON object of an unhandled error.
  static var objectHeads: [StaticString] { get }

  // MARK: Errors in pieces

  /// The beginnings of traceback lines, each of which may be a separate event.
  static var lines: [TracebackLine] { get }
  /// The suffixes of the names of exceptions.
  static var exceptionSuffixes: [StaticString] { get }
  /// The first bytes, other than letters, of lines for which `role` must be called.
  static var lineFirstBytes: [UInt8] { get }
  /// Returns the role of a line without a characteristic beginning.
  static func role(of line: UnsafeBufferPointer<UInt8>) -> TracebackLine.Role?
  /// Whether a line with a role continues the collected lines; `lastLine` is the last of them.
  static func continues(
    _ role: TracebackLine.Role, after text: [UInt8], lastLine: ArraySlice<UInt8>
  ) -> Bool
  /// The first bytes of lines for which `isOpen` must be called.
  static var openFirstBytes: [UInt8] { get }
  /// Whether the error continues in the next event, regardless of its content.
  static func isOpen(_ line: UnsafeBufferPointer<UInt8>) -> Bool

  // MARK: Frames

  /// The suffixes of source files.
  static var sourceSuffixes: [String] { get }
  /// Parses a frame from a stack line; `nil` for another language's layout.
  static func frame(_ line: Substring) -> RuntimeError.Frame?
  /// Parses the frames of a stack, the innermost first.
  static func frames(in stack: [String]) -> [RuntimeError.Frame]
  /// Whether the innermost frame is the last one in a stack.
  static var putsInnermostLast: Bool { get }
  /// Whether a frame belongs to the runtime or its standard library.
  static func isRuntimes(_ frame: RuntimeError.Frame) -> Bool
  /// Whether a frame belongs to a dependency of the application.
  static func isDependency(_ frame: RuntimeError.Frame) -> Bool
  /// Formats a frame for display; `nil` if it has no location.
  static func place(of frame: RuntimeError.Frame) -> String?

  // MARK: Memory

  /// The classes of errors that mean exhausted memory.
  static var outOfMemoryTypes: [String] { get }
  /// Phrases anywhere in a message that mean exhausted memory.
  static var outOfMemoryPhrases: [StaticString] { get }
  /// The last words of a process without memory, which are not a traceback.
  static var lastWords: [LastWords] { get }
}

/// The beginning of the last line of a process without memory, and phrases, one of which must
/// follow; empty if the beginning suffices.
struct LastWords {
  var beginning: StaticString
  var words: [StaticString] = []
}

extension LanguageRuntime {
  static var jsonKeys: [String] { [] }
  static func mayReportErrorInJSON(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool { false }
  static func parseJSON(
    _ bytes: UnsafeBufferPointer<UInt8>, objectAt start: Int
  ) -> RuntimeError? { nil }
  static var objectHeads: [StaticString] { [] }

  static var lines: [TracebackLine] { [] }
  static var exceptionSuffixes: [StaticString] { ["Error", "Exception"] }
  static var lineFirstBytes: [UInt8] { [] }
  static func role(of line: UnsafeBufferPointer<UInt8>) -> TracebackLine.Role? { nil }
  static func continues(
    _ role: TracebackLine.Role, after text: [UInt8], lastLine: ArraySlice<UInt8>
  ) -> Bool { false }
  static var openFirstBytes: [UInt8] { [] }
  static func isOpen(_ line: UnsafeBufferPointer<UInt8>) -> Bool { false }

  static var sourceSuffixes: [String] { [] }
  static func frame(_ line: Substring) -> RuntimeError.Frame? { nil }
  static func frames(in stack: [String]) -> [RuntimeError.Frame] {
    stack.compactMap { frame($0.drop { $0 == " " || $0 == "\t" }) }
  }
  static var putsInnermostLast: Bool { false }
  static func isRuntimes(_ frame: RuntimeError.Frame) -> Bool { false }
  static func isDependency(_ frame: RuntimeError.Frame) -> Bool { false }
  static func place(of frame: RuntimeError.Frame) -> String? { frame.fileAndFunction }

  static var outOfMemoryTypes: [String] { [] }
  static var outOfMemoryPhrases: [StaticString] { [] }
  static var lastWords: [LastWords] { [] }
}

/// The supported languages, in the order in which they are tried.
enum Runtimes {
  static let all: [any LanguageRuntime.Type] = [
    PythonRuntime.self,
    NodeRuntime.self,
    JavaRuntime.self,
    ClojureRuntime.self,
    DotNetRuntime.self,
    RustRuntime.self,
    GoRuntime.self,
    OCamlRuntime.self,
    CrystalRuntime.self,
    DartRuntime.self,
    NimRuntime.self,
    ZigRuntime.self,
    PHPRuntime.self,
    RubyRuntime.self,
    CPlusPlusRuntime.self,
    ElixirRuntime.self,
    ErlangRuntime.self,
    SwiftRuntime.self,
    PerlRuntime.self,
    LuaRuntime.self,
    HaskellRuntime.self,
    PowerShellRuntime.self,
    RRuntime.self,
    JuliaRuntime.self,
    ShellRuntime.self,
  ]

  /// The first bytes of lines for which `isOpen` must be called.
  static let openFirstBytes = ByteSet(all.flatMap { $0.openFirstBytes })

  /// Whether the error in a line continues in the next event, regardless of its content.
  static func isOpen(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    all.contains { $0.isOpen(line) }
  }
}

/// A set of byte values.
struct ByteSet: Sendable {
  private var first: UInt64 = 0
  private var second: UInt64 = 0
  private var third: UInt64 = 0
  private var fourth: UInt64 = 0

  init(_ bytes: [UInt8]) {
    for byte in bytes {
      let bit: UInt64 = 1 << UInt64(byte & 63)
      switch byte >> 6 {
      case 0: first |= bit
      case 1: second |= bit
      case 2: third |= bit
      default: fourth |= bit
      }
    }
  }

  @inline(__always)
  func contains(_ byte: UInt8) -> Bool {
    let word =
      switch byte >> 6 {
      case 0: first
      case 1: second
      case 2: third
      default: fourth
      }
    return word >> UInt64(byte & 63) & 1 != 0
  }
}
