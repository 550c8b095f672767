internal import InsightsText

/// Which of the keys that matter to ingest occur in the names of JSON leaves.
struct LeafNames {
  struct Keys: OptionSet {
    var rawValue: UInt8

    /// A key of error objects is part of the name.
    static let error = Keys(rawValue: 1)
    /// The name is `type`, as platform events have it.
    static let type = Keys(rawValue: 2)
    /// The name is one that request ids have.
    static let requestID = Keys(rawValue: 4)
    /// The name is `requestId`, the one that counts first.
    static let firstRequestID = Keys(rawValue: 8)
    static let all: Keys = [.error, .type, .requestID, .firstRequestID]
  }

  private static let requestIDNames = [
    "requestId", "AWSRequestId", "function_request_id", "record.requestId",
  ].map { Array($0.utf8) }
  private static let errorKeys = ["errorType", "error", "err", "exception_name"].map {
    Array($0.utf8)
  }

  /// By the number of the name.
  private var keys: [Keys] = []

  /// The keys of the object that was read last; all where not every leaf is known.
  mutating func keys(of reader: JSONLeafReader) -> Keys {
    while keys.count < reader.nameCount {
      keys.append(LeafNames.keys(inName: reader.name(Int32(keys.count))))
    }
    guard reader.hasAllLeaves else { return .all }
    return reader.leaves.reduce(into: []) { $0.formUnion(keys[Int($1.name)]) }
  }

  /// The first leaf called `requestId`; `keys(of:)` must have been called for the object.
  func firstRequestID(of reader: JSONLeafReader) -> JSONLeafReader.Leaf? {
    reader.leaves.first { keys[Int($0.name)].contains(.firstRequestID) }
  }

  private static func keys(inName name: [UInt8]) -> Keys {
    var keys: Keys = []
    if name == requestIDNames[0] { keys.insert(.firstRequestID) }
    if requestIDNames.contains(name) { keys.insert(.requestID) }
    if name == Array("type".utf8) { keys.insert(.type) }
    if name.split(separator: UInt8(ascii: ".")).contains(where: { errorKeys.contains(Array($0)) }) {
      keys.insert(.error)
    }
    return keys
  }
}
