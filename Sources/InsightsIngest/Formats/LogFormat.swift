/// A way in which log events are written to a file: a state machine over the file's bytes.
///
/// A new format is one file with a type of this protocol, and its line in `LogFormatRegistry`.
protocol LogFormat: SendableMetatype {
  static var descriptor: LogFormatDescriptor { get }

  /// Whether a file that begins with `head` is in this format; `head` may be the whole file.
  static func recognizes(_ head: UnsafeBufferPointer<UInt8>) -> Bool

  /// The log stream that the path of a file in this format tells.
  static func logStream(ofPath path: String) -> String?

  init()

  /// Appends the events of `window` to `batch` and gives the number of bytes that are done with.
  ///
  /// The rest comes again at the start of the next window, with more bytes behind it. A window
  /// that is the last has to be done with whole.
  mutating func read(
    _ window: UnsafeBufferPointer<UInt8>, ending: WindowEnding, into batch: inout LogEventBatch
  ) -> Int
}

extension LogFormat {
  static func logStream(ofPath path: String) -> String? { nil }
}

/// What follows the bytes that a log format is given.
enum WindowEnding {
  case more
  /// Nothing: the input ends here.
  case end
  /// Nothing, and the input was cut here by damage: a line without its end is no whole line.
  case cut
}

/// What the user is told of a log format.
public struct LogFormatDescriptor: Sendable {
  /// For `--log-format`.
  public let name: String
  public let summary: String
  /// A small file in this format, which the format must recognise and read.
  public let sample: String
}
