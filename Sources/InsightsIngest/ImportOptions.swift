/// The user's options for the inputs.
public struct ImportOptions: Equatable, Sendable {
  /// The log group of events whose input does not contain it.
  public var logGroup: String?
  /// The log stream of events whose input does not contain it.
  public var logStream: String?
  /// The name of the log format; `nil` to detect it by content.
  public var logFormat: String?
  /// Whether events stored only under another log group or log stream are stored under this one
  /// too.
  public var again = false
  /// The maximum decompressed size of one file in bytes; `nil`: 1 GB, or 100 times its size if that
  /// is more.
  public var inflatedByteLimit: Int?
  /// The maximum number of events per segment; `nil` for the best value, up to 8,192.
  public var segmentEventLimit: Int?
  /// The maximum number of log streams whose invocations are derived while events are read.
  ///
  /// Beyond it, the streams idle for longest are treated as ended, and derived again if they
  /// continue. Four times as many streams are known without a lookup in the store. `nil`: 16,384,
  /// which need some 60 MB.
  public var openStreamLimit: Int?

  /// Makes options; each default is described with its property.
  public init(
    logGroup: String? = nil, logStream: String? = nil, logFormat: String? = nil,
    again: Bool = false, inflatedByteLimit: Int? = nil, segmentEventLimit: Int? = nil,
    openStreamLimit: Int? = nil
  ) {
    self.logGroup = logGroup
    self.logStream = logStream
    self.logFormat = logFormat
    self.again = again
    self.inflatedByteLimit = inflatedByteLimit
    self.segmentEventLimit = segmentEventLimit
    self.openStreamLimit = openStreamLimit
  }
}

extension ImportOptions {
  /// Returns the format to read; `nil` if it is detected.
  ///
  /// - Throws: `ImportError.unknownLogFormat`.
  func givenFormat() throws -> (any LogFormat.Type)? {
    guard let logFormat else { return nil }
    guard let format = LogFormatRegistry.format(named: logFormat) else {
      throw ImportError.unknownLogFormat(
        name: logFormat, known: LogFormatRegistry.descriptors.map(\.name))
    }
    return format
  }
}

/// Why an import could not begin.
public enum ImportError: Error, Equatable {
  /// There is no log format with that name; `known` lists all names.
  case unknownLogFormat(name: String, known: [String])
}

/// The result of a run of the importer.
public struct ImportSummary: Equatable, Sendable {
  /// The number of files read.
  public var files = 0
  /// The number of events stored.
  public var events = 0
  /// The number of events read that were already stored.
  public var duplicates = 0
  /// The increase in invocations.
  public var invocations = 0
  /// The increase in rows of `errors`.
  public var errors = 0
  /// The number of events stored earlier whose log group or log stream is now known.
  public var named = 0
  /// The number of bytes read, before decompression.
  public var bytes = 0
  /// The duration of the run in seconds.
  public var seconds = 0.0
  /// The part of `seconds` after the last input: deriving what could not be derived while reading.
  public var derivationSeconds = 0.0
  /// The inputs with events of unknown log group, in order.
  public var unnamedInputs: [UnnamedInput] = []
  /// Notices about the inputs, in order.
  public var notices: [Notice] = []

  /// Whether the run stopped at its deadline; the next run continues there.
  public var hasTimedOut = false
  /// Whether the user stopped the run before all inputs were read.
  public var wasInterrupted = false
  /// Whether other processes were reading the store at the end, so that its write-ahead log was
  /// kept.
  public var isStillRead = false

  /// Makes the summary of an empty run.
  public init() {}

  /// Whether part of the inputs is not stored.
  public var hasFailed: Bool {
    hasTimedOut || wasInterrupted
      || notices.contains { $0.kind == .lossy || $0.kind == .unreadable }
  }

  /// The number of notices.
  public var warnings: Int { notices.count }
}

/// An input that does not contain the log group of its events.
public struct UnnamedInput: Equatable, Sendable {
  /// The path; `-` is standard input.
  public var path: String
  /// The `root_id` of its source.
  public var sourceID: Int64
  /// The number of events stored without a group.
  public var eventCount: Int
  /// The log group that other contents of the store suggest.
  public var likelyLogGroup: String?
}

/// The progress of a run of the importer.
public struct ImportProgress: Equatable, Sendable {
  /// The number of files read or being read.
  public var files: Int
  /// The number of events read.
  public var events: Int
  /// The number of bytes read, before decompression.
  public var bytes: Int

  /// Makes a progress report.
  public init(files: Int, events: Int, bytes: Int) {
    self.files = files
    self.events = events
    self.bytes = bytes
  }
}

/// The contents of an input.
public struct ImportedFile: Equatable, Sendable {
  /// The path; `-` is standard input.
  public let path: String
  /// The name of the log format.
  public let logFormat: String
  /// The distinct log groups of its events; unknown groups are omitted.
  public let logGroups: [String]
  /// The number of events stored.
  public let events: Int
  /// The number of events that were already stored.
  public let duplicates: Int

  init(path: String, logFormat: String, logGroups: [String], events: Int, duplicates: Int) {
    self.path = path
    self.logFormat = logFormat
    self.logGroups = logGroups
    self.events = events
    self.duplicates = duplicates
  }
}
