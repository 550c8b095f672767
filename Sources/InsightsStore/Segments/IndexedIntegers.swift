/// Integers of which few are distinct: each once, and which event has which.
struct IndexedIntegers: Sendable {
  /// The distinct values; at least one.
  var values: [Int64]
  /// The entry in `values` of each event; empty where there is only one value.
  var indexes: [UInt16]

  /// The value of an event.
  subscript(event: Int) -> Int64 {
    indexes.isEmpty ? values[0] : values[Int(indexes[event])]
  }
}
