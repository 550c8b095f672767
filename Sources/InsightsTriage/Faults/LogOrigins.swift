internal import InsightsModel
internal import InsightsStore
internal import InsightsText

/// Maps log streams to the numbers of their functions and log groups.
struct LogOrigins {
  struct Origin: Hashable, Sendable {
    /// The number of the function's name; -1 if unknown.
    var function: Int32
    /// Whether the function comes from Lambda's own naming, not just from the log group's last
    /// component.
    var isCertain: Bool
    /// The number of the log group; -1 if unknown.
    var group: Int32

    static let unknown = Origin(function: -1, isCertain: false, group: -1)
  }

  private(set) var functions = Interner<String>()
  private var groups = Interner<String>()
  private var origins: [Int64: Origin] = [:]
  /// Consecutive facts mostly have the same stream.
  private var last: (stream: Int64, origin: Origin)?

  /// Returns the origin of a log stream in the store.
  mutating func origin(ofStream id: Int64, in store: Store) throws(StoreError) -> Origin {
    if let last, last.stream == id { return last.origin }
    let origin: Origin
    if let known = origins[id] {
      origin = known
    } else {
      let names = try store.names(ofStream: id)
      origin = self.origin(logGroup: names.logGroup, logStream: names.logStream)
      origins[id] = origin
    }
    last = (id, origin)
    return origin
  }

  mutating func origin(logGroup: String?, logStream: String?) -> Origin {
    let name = FunctionName.of(logGroup: logGroup, logStream: logStream)
    return Origin(
      function: number(ofFunction: name),
      isCertain: FunctionName.isCertain(logGroup: logGroup, logStream: logStream),
      group: logGroup.map { groups.number(of: $0) } ?? -1)
  }

  /// Returns the number of a function's name; -1 for none.
  mutating func number(ofFunction name: String?) -> Int32 {
    name.map { functions.number(of: $0) } ?? -1
  }

  /// Returns the name of a function; `nil` for -1.
  func function(_ number: Int32) -> String? { number < 0 ? nil : functions[number] }
}
