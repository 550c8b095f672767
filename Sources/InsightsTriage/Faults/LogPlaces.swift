internal import InsightsModel
internal import InsightsStore
internal import InsightsText

/// Maps log streams to the numbers of their functions and log groups.
struct LogPlaces {
  struct Place: Hashable, Sendable {
    /// The number of the function's name; -1 if unknown.
    var function: Int32
    /// Whether the function comes from Lambda's own naming, not just from the log group's last
    /// component.
    var isCertain: Bool
    /// The number of the log group; -1 if unknown.
    var group: Int32

    static let unknown = Place(function: -1, isCertain: false, group: -1)
  }

  private(set) var functions = Interner<String>()
  private var groups = Interner<String>()
  private var places: [Int64: Place] = [:]
  /// Consecutive facts mostly have the same stream.
  private var last: (stream: Int64, place: Place)?

  /// Returns the place of a log stream in the store.
  mutating func place(ofStream id: Int64, in store: Store) throws(StoreError) -> Place {
    if let last, last.stream == id { return last.place }
    let place: Place
    if let known = places[id] {
      place = known
    } else {
      let names = try store.names(ofStream: id)
      place = self.place(logGroup: names.logGroup, logStream: names.logStream)
      places[id] = place
    }
    last = (id, place)
    return place
  }

  mutating func place(logGroup: String?, logStream: String?) -> Place {
    let name = FunctionName.of(logGroup: logGroup, logStream: logStream)
    return Place(
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
