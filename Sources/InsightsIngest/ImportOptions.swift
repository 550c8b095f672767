/// What the user says about the inputs.
public struct ImportOptions: Equatable, Sendable {
  /// The log group of events whose input does not say.
  public var logGroup: String?
  /// The log stream of events whose input does not say.
  public var logStream: String?
  /// The name of the log format; `nil`: recognised by content.
  public var logFormat: String?
  /// The bytes that one compressed file may inflate to; `nil`: 1 GB, or 100 times its size where
  /// that is more.
  public var inflatedByteLimit: Int?
  /// Events of one segment of the store, at most; `nil`: as many as are best, up to 8,192.
  public var segmentEventLimit: Int?

  public init(
    logGroup: String? = nil, logStream: String? = nil, logFormat: String? = nil,
    inflatedByteLimit: Int? = nil, segmentEventLimit: Int? = nil
  ) {
    self.logGroup = logGroup
    self.logStream = logStream
    self.logFormat = logFormat
    self.inflatedByteLimit = inflatedByteLimit
    self.segmentEventLimit = segmentEventLimit
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
  /// Bytes read, before inflating.
  public var bytes = 0
  public var seconds = 0.0
  /// Of these seconds, those after the last input: what could not be derived while it was read.
  public var derivationSeconds = 0.0
  /// What the user should know of the inputs, in their order.
  public var notices: [Notice] = []

  public init() {}

  /// The number of notices.
  public var warnings: Int { notices.count }
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
    var names: [String] = []
    for name in logGroups where !names.contains(name) { names.append(name) }
    self.path = path
    self.logFormat = logFormat
    self.logGroups = names
    self.events = events
    self.duplicates = duplicates
  }
}
