/// What the user says about the inputs.
public struct ImportOptions: Equatable, Sendable {
  /// The log group of events whose input does not say.
  public var logGroup: String?
  /// The log stream of events whose input does not say.
  public var logStream: String?
  /// The name of the log format; `nil`: recognised by content.
  public var logFormat: String?
  /// Whether what is stored under another log group or log stream only is stored under this one
  /// too.
  public var again = false
  /// The bytes that one compressed file may inflate to; `nil`: 1 GB, or 100 times its size where
  /// that is more.
  public var inflatedByteLimit: Int?
  /// Events of one segment of the store, at most; `nil`: as many as are best, up to 8,192.
  public var segmentEventLimit: Int?
  /// Log streams whose invocations are put together at once while events are read.
  ///
  /// Of more, those that rest longest are taken for ended, and derived again if they go on. Four times
  /// as many are known without asking the store. `nil`: 16,384, which take some 60 MB.
  public var openStreamLimit: Int?

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
  /// The format that is to be read; `nil` where it is recognised.
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
  /// There is no log format of that name; `known` lists those that there are.
  case unknownLogFormat(name: String, known: [String])
}

/// What a run of the importer did.
public struct ImportSummary: Equatable, Sendable {
  /// Files read.
  public var files = 0
  /// Events stored.
  public var events = 0
  /// Events read that were stored already.
  public var duplicates = 0
  /// Invocations that there are more now.
  public var invocations = 0
  /// Rows of `errors` that there are more now.
  public var errors = 0
  /// Events stored before whose log group or log stream is known now.
  public var named = 0
  /// Bytes read, before inflating.
  public var bytes = 0
  public var seconds = 0.0
  /// Of these seconds, those after the last input: what could not be derived while it was read.
  public var derivationSeconds = 0.0
  /// The inputs with events whose log group nobody knows, in their order.
  public var unnamedInputs: [UnnamedInput] = []
  /// What the user should know of the inputs, in their order.
  public var notices: [Notice] = []

  /// Whether the time was over before the inputs were; the next run goes on where this one stopped.
  public var hasTimedOut = false
  /// Whether the user stopped it before all inputs were read.
  public var wasInterrupted = false
  /// Whether others were reading the store at the end, so that its log stayed beside it.
  public var isStillRead = false

  public init() {}

  /// Whether something of the inputs is not stored.
  public var hasFailed: Bool {
    hasTimedOut || wasInterrupted
      || notices.contains { $0.kind == .lossy || $0.kind == .unreadable }
  }

  /// The number of notices.
  public var warnings: Int { notices.count }
}

/// An input that does not say of which log group its events are.
public struct UnnamedInput: Equatable, Sendable {
  /// `-` is standard input.
  public var path: String
  /// `root_id` of its source.
  public var sourceID: Int64
  /// Events that were stored without a group.
  public var eventCount: Int
  /// The group that something in the store speaks for.
  public var likelyLogGroup: String?
}

/// How far a run of the importer has got.
public struct ImportProgress: Equatable, Sendable {
  /// Files read or being read.
  public var files: Int
  /// Events read.
  public var events: Int
  /// Bytes read, before inflating.
  public var bytes: Int
}

/// What an input held.
public struct ImportedFile: Equatable, Sendable {
  /// `-` is standard input.
  public let path: String
  /// The name of the log format.
  public let logFormat: String
  /// The log groups of its events, each once; events without one are not told of.
  public let logGroups: [String]
  /// Events stored.
  public let events: Int
  /// Events that were stored already.
  public let duplicates: Int

  init(path: String, logFormat: String, logGroups: [String], events: Int, duplicates: Int) {
    self.path = path
    self.logFormat = logFormat
    self.logGroups = logGroups
    self.events = events
    self.duplicates = duplicates
  }
}
