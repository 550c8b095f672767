internal import InsightsText

/// All that is known of how one language writes errors into logs, by its runtime or by its loggers.
///
/// Another language is one file with a type of this protocol, and its line in `Runtimes`. Whatever
/// it does not have has a default.
protocol LanguageRuntime: SendableMetatype {
  /// As in the column `runtime` of errors.
  static var name: String { get }

  // MARK: Errors in one event

  /// Marks of which every text that holds an error has one.
  static var marks: ErrorMarks { get }
  /// Whether a text may hold an error; quick, for it is asked of every event with such a mark.
  static func mayTell(_ text: UnsafeBufferPointer<UInt8>) -> Bool
  /// The error that a text holds.
  static func parse(_ message: EventMessage) -> RuntimeError?

  /// Keys of JSON objects in which the runtime tells errors as nobody else does.
  static var jsonKeys: [String] { get }
  /// Whether such an object may hold one of them.
  static func mayTellJSON(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool
  /// The error that such an object holds.
  static func parseJSON(_ bytes: UnsafeBufferPointer<UInt8>, objectAt start: Int) -> RuntimeError?

  /// How lines end that stand before a JSON object with an error that nobody caught.
  static var objectHeads: [StaticString] { get }

  // MARK: Errors in pieces

  /// How the lines of a traceback begin, which may come as an event each.
  static var lines: [TracebackLine] { get }
  /// What the names of its exceptions end in.
  static var exceptionSuffixes: [StaticString] { get }
  /// The first bytes, beside letters, of lines of which `role` has to be asked.
  static var lineFirstBytes: [UInt8] { get }
  /// What a line is that no beginning tells.
  static func role(of line: UnsafeBufferPointer<UInt8>) -> TracebackLine.Role?
  /// Whether a line of a role goes on with the lines so far, of which `lastLine` is the last.
  static func goesOn(
    _ role: TracebackLine.Role, after text: [UInt8], lastLine: ArraySlice<UInt8>
  ) -> Bool
  /// The first bytes of lines behind which the error goes on in the next event, whatever it says.
  static var openFirstBytes: [UInt8] { get }
  /// Whether the error goes on in the next event, whatever that says.
  static func isOpen(_ line: UnsafeBufferPointer<UInt8>) -> Bool

  // MARK: Frames

  /// How the names of its source files end.
  static var sourceSuffixes: [String] { get }
  /// The frame that a line of a stack is; `nil` for a line in another language's layout.
  static func frame(_ line: Substring) -> RuntimeError.Frame?
  /// The frames of a stack, the innermost first.
  static func frames(in stack: [String]) -> [RuntimeError.Frame]
  /// Whether its stacks have the innermost frame at the end.
  static var putsInnermostLast: Bool { get }
  /// Where the code of the runtime and of its standard library is.
  static func isRuntimes(_ frame: RuntimeError.Frame) -> Bool
  /// Whether a frame is of a package that the application only uses.
  static func isDependency(_ frame: RuntimeError.Frame) -> Bool
  /// How a frame is shown; `nil` where it tells no place.
  static func place(of frame: RuntimeError.Frame) -> String?

  // MARK: Memory

  /// The classes of errors that tell of memory that ran out.
  static var outOfMemoryTypes: [String] { get }
  /// Words that tell of it anywhere in a message.
  static var outOfMemoryPhrases: [StaticString] { get }
  /// The last words of a process without memory, which are no traceback.
  static var lastWords: [LastWords] { get }
}

/// How a line begins that a process without memory writes before it ends, and words of which one
/// follows; none where the beginning is enough.
struct LastWords {
  var beginning: StaticString
  var words: [StaticString] = []
}

extension LanguageRuntime {
  static var jsonKeys: [String] { [] }
  static func mayTellJSON(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool { false }
  static func parseJSON(
    _ bytes: UnsafeBufferPointer<UInt8>, objectAt start: Int
  ) -> RuntimeError? { nil }
  static var objectHeads: [StaticString] { [] }

  static var lines: [TracebackLine] { [] }
  static var exceptionSuffixes: [StaticString] { ["Error", "Exception"] }
  static var lineFirstBytes: [UInt8] { [] }
  static func role(of line: UnsafeBufferPointer<UInt8>) -> TracebackLine.Role? { nil }
  static func goesOn(
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

/// The languages whose errors are recognised, in the order in which they are asked.
enum Runtimes {
  static let all: [any LanguageRuntime.Type] = [
    PythonRuntime.self,
    NodeRuntime.self,
    JavaRuntime.self,
    DotNetRuntime.self,
    RustRuntime.self,
    GoRuntime.self,
    PHPRuntime.self,
    RubyRuntime.self,
    CPlusPlusRuntime.self,
  ]

  /// The first bytes of lines of which `isOpen` has to be asked.
  static let openFirstBytes = ByteSet(all.flatMap { $0.openFirstBytes })

  /// Whether the error that a line tells goes on in the next event, whatever that says.
  static func isOpen(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    all.contains { $0.isOpen(line) }
  }
}

/// Some of the 256 bytes.
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
