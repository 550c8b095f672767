/// Events of one log stream that do not come from a file, such as those of PutLogEvents.
public struct NewEvents: Sendable {
  /// The name of the log group.
  public var logGroup: String
  /// The name of the log stream.
  public var logStream: String
  /// System fields of all events, such as `@entity.KeyAttributes.Name`.
  public var attributes: [String: String]
  /// When they arrived, in epoch milliseconds.
  public var ingestionTime: Int64
  /// Whether events older than the group's retention are skipped.
  public var obeysRetention = false
  /// The times of the events, in epoch milliseconds.
  public private(set) var timestamps: [Int64] = []
  /// The messages, concatenated.
  private(set) var text: [UInt8] = []
  /// The end of each message in `text`.
  private(set) var ends: [Int] = []

  /// Makes an empty list of events.
  public init(
    logGroup: String, logStream: String, attributes: [String: String] = [:], ingestionTime: Int64
  ) {
    self.logGroup = logGroup
    self.logStream = logStream
    self.attributes = attributes
    self.ingestionTime = ingestionTime
  }

  /// Appends an event; `timestamp` is in epoch milliseconds.
  public mutating func append(timestamp: Int64, message: some Sequence<UInt8>) {
    timestamps.append(timestamp)
    text.append(contentsOf: message)
    ends.append(text.count)
  }

  /// The number of events.
  public var count: Int { timestamps.count }
  /// The total size of the messages in bytes.
  public var byteCount: Int { text.count }

  /// Returns how many events at the start are older than `days`, counted back from their arrival.
  func expiredCount(after days: Int?) -> Int {
    guard obeysRetention, let days else { return 0 }
    let oldest = ingestionTime - Int64(days) * 86_400_000
    return timestamps.prefix { $0 < oldest }.count
  }

  func message(_ index: Int) -> ArraySlice<UInt8> {
    text[(index == 0 ? 0 : ends[index - 1])..<ends[index]]
  }
}
