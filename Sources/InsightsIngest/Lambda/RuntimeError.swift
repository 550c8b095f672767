internal import InsightsStore
internal import InsightsText

/// An error that a runtime printed or an application logged, read out of one event.
struct RuntimeError: Equatable {
  /// A frame of a traceback; the column is shown in `topFrame` only.
  struct Frame: Equatable {
    var file: String?
    var line: Int64?
    var column: Int64?
    var function: String?
    var code: String?
  }

  var kind: ErrorTable.Row.Kind
  var runtime: String
  var type: String?
  var message: String?
  /// The innermost first.
  var frames: [Frame] = []
  var traceback: String?
  var requestID: String?
  /// The place in the words of a runtime that writes it otherwise than `topFrame`.
  var ownTopFrame: String?

  /// Where the runtimes' own files are.
  private static let runtimeFolders = [
    "/var/runtime/", "/var/lang/", "node:", "internal/", "runtime/", "github.com/aws/",
    "/usr/local/go/src/", "/opt/", "/usr/lib/", "/rustc/",
  ]

  /// `file:line[:column] function` of the innermost frame under /var/task, else of the innermost
  /// that is not the runtime's own.
  var topFrame: String? {
    if let ownTopFrame { return ownTopFrame }
    let frame =
      frames.first { $0.file?.hasPrefix("/var/task/") == true }
      ?? frames.first { frame in
        guard let file = frame.file else { return false }
        return !RuntimeError.runtimeFolders.contains { file.hasPrefix($0) }
      }
    guard let frame, let file = frame.file else { return nil }
    var text = file
    if let line = frame.line { text += ":\(line)" }
    if let column = frame.column { text += ":\(column)" }
    if let function = frame.function { text += " \(function)" }
    return text
  }

  private static let outOfMemoryTypes = [
    "Runtime.OutOfMemory", "MemoryError", "OutOfMemoryError", "OutOfMemoryException",
    "NoMemoryError", "ArrayMemoryError",
  ]

  /// Whether the error is a runtime's word for having no memory left.
  var isOutOfMemory: Bool {
    let type = type ?? ""
    // Whole words only: an `OutOfMemoryErrorHandler` is something else.
    let isKnown = RuntimeError.outOfMemoryTypes.contains { known in
      type.hasSuffix(known)
        && (type.utf8.count == known.utf8.count || type.dropLast(known.count).last == ".")
    }
    if isKnown { return true }
    if type.hasPrefix("Function<NoMemoryError") { return true }
    return OutOfMemoryText.appears(in: message ?? "")
  }
}

/// A language runtime's way of writing errors.
///
/// Another runtime is one file with a type of this protocol, and its line in `RuntimeErrors`.
protocol RuntimeErrorParser: SendableMetatype {
  /// Marks of which every message that holds an error has one.
  static var marks: ErrorMarks { get }

  /// Whether a message may hold an error; quick, for it is asked of every event with such a mark.
  static func isCandidate(_ message: EventMessage) -> Bool

  /// The error that a message holds.
  static func parse(_ message: EventMessage) -> RuntimeError?
}

/// The runtimes whose errors are recognised, in the order in which they are asked.
enum RuntimeErrors {
  static let parsers: [any RuntimeErrorParser.Type] = [
    PythonErrors.self,
    NodeErrors.self,
    JavaErrors.self,
    DotNetErrors.self,
    RustErrors.self,
    GoErrors.self,
    PHPErrors.self,
    JSONErrors.self,
  ]

  /// Whether a message may hold an error; `mayHaveErrorKeys` where its JSON has keys of errors.
  static func isCandidate(_ message: EventMessage, mayHaveErrorKeys: Bool) -> Bool {
    // An object that is the whole message holds errors under those keys, or in the text of a member,
    // which then has escapes in it.
    if message.jsonOffset == 0, !mayHaveErrorKeys,
      message.bytes.firstOffset(of: UInt8(ascii: "\\")) == nil
    {
      return false
    }
    let marks = ErrorMarks(message)
    return parsers.contains { !$0.marks.isDisjoint(with: marks) && $0.isCandidate(message) }
  }

  static func parse(_ message: EventMessage) -> RuntimeError? {
    for parser in parsers where parser.isCandidate(message) {
      if let error = parser.parse(message) { return error }
    }
    return nil
  }
}

/// An event's message, and where its JSON object is.
struct EventMessage {
  var bytes: UnsafeBufferPointer<UInt8>
  /// Offset of the object whose keys are fields.
  var jsonOffset: Int?

  /// The message as text; bytes that are no UTF-8 become U+FFFD.
  var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// The words in which runtimes and kernels say that memory ran out.
enum OutOfMemoryText {
  private static let phrases: [StaticString] = [
    "JavaScript heap out of memory", "runtime: out of memory", "System.OutOfMemoryException",
    "Cannot allocate memory", "cannot allocate memory", "signal: killed", "std::bad_alloc",
    "failed to allocate memory (NoMemoryError)", "ENOMEM",
  ]

  static func appears(in text: String) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      if phrases.contains(where: { bytes.firstOffset(of: $0) != nil }) { return true }
      guard let size = bytes.firstOffset(of: "Allowed memory size of ") else { return false }
      return bytes.firstOffset(of: " bytes exhausted", from: size) != nil
    }
  }

  /// Whether a line of a crash says so: V8's and Go's last words, which are no tracebacks.
  static func isCrashLine(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let first = bytes.first else { return false }
    switch first {
    case UInt8(ascii: "F"), UInt8(ascii: "f"):
      guard bytes.holds("FATAL ERROR: ", at: 0) || bytes.holds("fatal error: ", at: 0) else {
        return false
      }
      return bytes.firstOffset(of: "out of memory") != nil
        || bytes.firstOffset(of: "allocation failed") != nil
        || bytes.firstOffset(of: "Allocation failed") != nil
        || bytes.firstOffset(of: "invalid array length") != nil
    case UInt8(ascii: "r"): return bytes.holds("runtime: cannot allocate memory", at: 0)
    case UInt8(ascii: "m"):
      return bytes.holds("memory allocation of ", at: 0)
        && bytes.firstOffset(of: " bytes failed") != nil
    case UInt8(ascii: "t"):
      return bytes.holds("terminate called after throwing an instance of 'std::bad_alloc'", at: 0)
    case UInt8(ascii: "["): return bytes.holds("[FATAL] failed to allocate memory", at: 0)
    default: return false
    }
  }
}
