/// A form in which log events are written to a file: a state machine over the file's bytes.
///
/// A new format is one file with a type that conforms, and its line in `LogFormatRegistry`.
protocol LogFormat: SendableMetatype {
  static var descriptor: LogFormatDescriptor { get }

  /// Whether a file that begins with `head` has this format; `head` may be the whole file.
  static func recognizes(_ head: UnsafeBufferPointer<UInt8>) -> Bool

  /// Returns the log stream in the path of a file with this format.
  static func logStream(ofPath path: String) -> String?

  init()

  /// Appends the events of `window` to `batch`; returns the number of bytes consumed.
  ///
  /// The rest is passed again at the start of the next window, followed by more bytes. The last
  /// window must be consumed completely.
  mutating func read(
    _ window: UnsafeBufferPointer<UInt8>, ending: WindowEnding, into batch: inout LogEventBatch
  ) -> Int
}

extension LogFormat {
  static func logStream(ofPath path: String) -> String? { nil }
}

/// What follows the window in the input.
enum WindowEnding {
  case more
  /// Nothing: the input ends here.
  case end
  /// Nothing: the input was truncated here by damage, so an unterminated line is incomplete.
  case cut
}

/// The description of a log format for users.
public struct LogFormatDescriptor: Sendable {
  /// The value for `--log-format`.
  public let name: String
  /// One line.
  public let summary: String
  /// A small file in this format, which the format must recognise and read.
  public let sample: String
}
