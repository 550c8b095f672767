/// Events of one log stream that come in another way than in a file, as PutLogEvents brings them.
public struct NewEvents: Sendable {
  public var logGroup: String
  public var logStream: String
  /// System fields that all of them have, as `@entity.KeyAttributes.Name`.
  public var attributes: [String: String]
  /// When they came, epoch milliseconds.
  public var ingestionTime: Int64
  /// Whether events that are older than their group keeps them are left out.
  public var obeysRetention = false
  /// Epoch milliseconds.
  public private(set) var timestamps: [Int64] = []
  /// The messages, one after the other.
  private(set) var text: [UInt8] = []
  /// Where each ends.
  private(set) var ends: [Int] = []

  public init(
    logGroup: String, logStream: String, attributes: [String: String] = [:], ingestionTime: Int64
  ) {
    self.logGroup = logGroup
    self.logStream = logStream
    self.attributes = attributes
    self.ingestionTime = ingestionTime
  }

  public mutating func append(timestamp: Int64, message: some Sequence<UInt8>) {
    timestamps.append(timestamp)
    text.append(contentsOf: message)
    ends.append(text.count)
  }

  public var count: Int { timestamps.count }
  public var byteCount: Int { text.count }

  /// How many of the first are older than a number of days, counted from when they came.
  func expiredCount(after days: Int?) -> Int {
    guard obeysRetention, let days else { return 0 }
    let oldest = ingestionTime - Int64(days) * 86_400_000
    return timestamps.prefix { $0 < oldest }.count
  }

  func message(_ index: Int) -> ArraySlice<UInt8> {
    text[(index == 0 ? 0 : ends[index - 1])..<ends[index]]
  }
}
