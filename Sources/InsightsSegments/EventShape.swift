/// The properties that all lines of one kind share.
struct EventShape: Hashable, Sendable {
  /// The type of a platform line: 0 none, 1 START, 2 END, 3 REPORT.
  var type: UInt8
  /// Whether invocations or errors are derived from the event.
  var isFact = false
  /// The offset of the JSON object whose keys are fields; `SegmentReader.missing` if there is none.
  var jsonOffset = SegmentReader.missing
}

/// The distinct shapes of a segment's events, and the shape of each event.
///
/// Logs have few shapes, so one small column replaces several.
struct EventShapes: Sendable {
  private(set) var shapes: [EventShape] = []
  private(set) var indexes: [UInt16] = []
  /// The indexes of the shapes, once there are too many for a linear search.
  private var numbers: [EventShape: UInt16] = [:]

  private static let searchLimit = 16
  /// The last shape for each type.
  private var lastOfType = [UInt16](repeating: 0, count: 4)

  init() {}

  /// Adds the shape of the next event.
  mutating func append(_ shape: EventShape) {
    indexes.append(number(of: shape))
  }

  private mutating func number(of shape: EventShape) -> UInt16 {
    // Consecutive lines of one type usually have the same shape.
    let type = Int(shape.type & 3)
    let last = lastOfType[type]
    if last < shapes.count, shapes[Int(last)] == shape { return last }
    let number = find(shape)
    lastOfType[type] = number
    return number
  }

  private mutating func find(_ shape: EventShape) -> UInt16 {
    if let known = shapes.prefix(EventShapes.searchLimit).firstIndex(of: shape) {
      return UInt16(known)
    }
    if let known = numbers[shape] { return known }
    let number = UInt16(shapes.count)
    shapes.append(shape)
    if shapes.count > EventShapes.searchLimit { numbers[shape] = number }
    return number
  }

  // MARK: Columns

  /// The offset of each event's JSON object; `nil` if no event has one.
  var jsonOffsets: [Int64]? {
    guard shapes.contains(where: { $0.jsonOffset != SegmentReader.missing }) else { return nil }
    return indexes.map { shapes[Int($0)].jsonOffset }
  }

  /// The indexes of the events with a JSON object, ascending.
  var objectEvents: [Int] {
    let hasObject = shapes.map { $0.jsonOffset != SegmentReader.missing }
    return indexes.indices.filter { hasObject[Int(indexes[$0])] }
  }

  /// The events that invocations or errors are derived from, ascending.
  var facts: [UInt16] {
    guard shapes.contains(where: \.isFact) else { return [] }
    return indexes.indices.filter { shapes[Int(indexes[$0])].isFact }.map { UInt16($0) }
  }

  // MARK: Blocks

  func append(to output: inout BlockOutput) {
    output.append(count: shapes.count)
    for shape in shapes {
      output.append(shape.type)
      output.append(shape.isFact ? 1 : 0)
    }
    IntegerCodec.append(shapes.map(\.jsonOffset), asSteps: false, to: &output)
    IntegerCodec.append(indexes: indexes, to: &output)
  }

  init?(encoded: [UInt8], eventCount: Int) {
    var input = BlockInput(encoded)
    guard let count = input.count(limit: eventCount) else { return nil }
    for _ in 0..<count {
      guard let type = input.byte(), type <= 3, let isFact = input.byte() else { return nil }
      shapes.append(EventShape(type: type, isFact: isFact != 0))
    }
    guard let offsets = IntegerCodec.integers(from: &input, count: count) else { return nil }
    for index in 0..<count { shapes[index].jsonOffset = offsets[index] }
    guard let indexes = IntegerCodec.indexes(from: &input, count: eventCount, limit: count) else {
      return nil
    }
    self.indexes = indexes
  }
}
