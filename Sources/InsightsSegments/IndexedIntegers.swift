/// Integers with few distinct values: each value once, and the index of each event's.
package struct IndexedIntegers: Sendable {
  /// The distinct values; at least one.
  package var values: [Int64]
  /// The index in `values` of each event; empty if there is only one value.
  package var indexes: [UInt16]

  /// Returns the value of an event.
  package subscript(event: Int) -> Int64 {
    indexes.isEmpty ? values[0] : values[Int(indexes[event])]
  }

  package init(_ source: [Int64]) {
    values = []
    indexes = []
    var places: [Int64: UInt16] = [:]
    for (event, value) in source.enumerated() {
      if let last = indexes.last, values[Int(last)] == value {
        indexes.append(last)
      } else if let place = places[value] {
        indexes.append(place)
      } else {
        let place = UInt16(values.count)
        values.append(value)
        places[value] = place
        if event == 0 { indexes.reserveCapacity(source.count) }
        indexes.append(place)
      }
    }
    if values.count == 1 { indexes = [] }
  }

  // MARK: Blocks

  package func append(to output: inout BlockOutput) {
    output.append(count: values.count)
    IntegerCodec.append(values, asSteps: false, to: &output)
    if values.count > 1 { IntegerCodec.append(indexes: indexes, to: &output) }
  }

  init?(encoded: [UInt8], eventCount: Int) {
    var input = BlockInput(encoded)
    guard let count = input.count(limit: eventCount), count > 0,
      let values = IntegerCodec.integers(from: &input, count: count)
    else { return nil }
    self.values = values
    indexes = []
    guard count > 1 else { return }
    guard
      let indexes = IntegerCodec.indexes(from: &input, count: eventCount, limit: values.count)
    else { return nil }
    self.indexes = indexes
  }
}
