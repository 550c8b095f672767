internal import InsightsText

/// Classifies the names of JSON leaves by the keys that ingest needs.
struct LeafNames {
  struct Keys: OptionSet {
    var rawValue: UInt8

    /// An error may have this name, whatever its value.
    static let error = Keys(rawValue: 1)
    /// The name is `type`, as in platform events.
    static let type = Keys(rawValue: 2)
    /// The name is one of request ids.
    static let requestID = Keys(rawValue: 4)
    /// The name is `requestId`, which has priority.
    static let firstRequestID = Keys(rawValue: 8)
    /// The name contains a key of a runtime's own errors.
    static let runtime = Keys(rawValue: 16)
    /// There may be more keys than were read.
    static let others = Keys(rawValue: 32)
    static let notRead: Keys = [.type, .requestID, .firstRequestID, .runtime, .others]
  }

  private static let requestIDNames = [
    "requestId", "AWSRequestId", "function_request_id", "record.requestId",
  ].map { Array($0.utf8) }
  private static let typeKeys = Set(
    (["errorType"] + ExceptionKeys.rootTypes).map { Array($0.utf8) })
  private static let holderKeys = Set(ExceptionKeys.holders.map { Array($0.utf8) })
  private static let stackKeys = Set(ExceptionKeys.stacks.map { Array($0.utf8) })
  private static let runtimeKeys = Set(
    Runtimes.all.flatMap { $0.jsonKeys }.map { Array($0.utf8) })

  /// Indexed by name number.
  private var keys: [Keys] = []

  /// Returns the keys of the object that was read last.
  mutating func keys(of reader: JSONLeafReader) -> Keys {
    while keys.count < reader.nameCount {
      keys.append(LeafNames.keys(inName: reader.name(Int32(keys.count))))
    }
    var found: Keys = reader.hasAllLeaves ? [] : .notRead
    for leaf in reader.leaves { found.formUnion(keys[Int(leaf.name)]) }
    return found
  }

  /// Returns the first leaf called `requestId`; call `keys(of:)` for the object first.
  func firstRequestID(of reader: JSONLeafReader) -> JSONLeafReader.Leaf? {
    reader.leaves.first { keys[Int($0.name)].contains(.firstRequestID) }
  }

  private static func keys(inName name: [UInt8]) -> Keys {
    var keys: Keys = []
    if name == requestIDNames[0] { keys.insert(.firstRequestID) }
    if requestIDNames.contains(name) { keys.insert(.requestID) }
    if name == Array("type".utf8) { keys.insert(.type) }
    let parts = name.split(separator: UInt8(ascii: ".")).map { Array($0) }
    if parts.contains(where: typeKeys.contains) || parts.dropLast().contains(where: isOfException) {
      keys.insert(.error)
    }
    if parts.contains(where: runtimeKeys.contains) { keys.insert(.runtime) }
    return keys
  }

  /// Whether a part of a name is that of an exception object or a stack.
  ///
  /// As the last part it names a text, which is an error only if it contains a stack.
  private static func isOfException(_ part: [UInt8]) -> Bool {
    holderKeys.contains(part) || stackKeys.contains(part)
  }
}
