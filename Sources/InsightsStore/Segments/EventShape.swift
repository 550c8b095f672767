/// What lines of one kind have in common: where the parts are that are kept apart from the text.
struct EventShape: Hashable, Sendable {
  /// `TextGroup`.
  var group: UInt8
  /// 0 none, 1 START, 2 END, 3 REPORT.
  var type: UInt8
  /// Whether invocations or errors are derived from the event.
  var isFact = false
  /// Where the JSON object starts whose keys are fields; `SegmentReader.missing` without one.
  var jsonOffset = SegmentReader.missing
  /// Where the request id was left out of the message; see `MessageStripper`.
  var requestPlace = SegmentReader.missing
  /// The same of the time.
  var timePlace = SegmentReader.missing
}

/// The shapes of a segment's events: each once, and which event has which.
///
/// Logs have few shapes, so that one small column does for what would be many.
struct EventShapes: Sendable {
  private(set) var shapes: [EventShape] = []
  private(set) var indexes: [UInt16] = []
  /// The shapes by their number, once there are too many for a linear search.
  private var numbers: [EventShape: UInt16] = [:]

  private static let searchLimit = 16
  /// The shape that an event of the same group and type had last.
  private var lastOfKind = [UInt16](repeating: 0, count: 32)

  init() {}

  /// Adds the shape of the next event.
  mutating func append(_ shape: EventShape) {
    indexes.append(number(of: shape))
  }

  private mutating func number(of shape: EventShape) -> UInt16 {
    // Lines of one kind mostly are of one shape.
    let kind = Int(shape.group & 7) << 2 | Int(shape.type & 3)
    let last = lastOfKind[kind]
    if last < shapes.count, shapes[Int(last)] == shape { return last }
    let number = find(shape)
    lastOfKind[kind] = number
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

  /// A part of the shape of every event.
  func column(_ part: KeyPath<EventShape, UInt8>) -> [UInt8] {
    let parts = shapes.map { $0[keyPath: part] }
    return indexes.map { parts[Int($0)] }
  }

  /// A place in every event's message; `nil` where no event has one.
  func column(_ part: KeyPath<EventShape, Int64>) -> [Int64]? {
    let parts = shapes.map { $0[keyPath: part] }
    guard parts.contains(where: { $0 != SegmentReader.missing }) else { return nil }
    return indexes.map { parts[Int($0)] }
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
      output.append(shape.group)
      output.append(shape.type)
      output.append(shape.isFact ? 1 : 0)
    }
    for part in EventShapes.places {
      IntegerCodec.append(shapes.map { $0[keyPath: part] }, asSteps: false, to: &output)
    }
    IntegerCodec.append(indexes: indexes, to: &output)
  }

  init?(encoded: [UInt8], eventCount: Int) {
    var input = BlockInput(encoded)
    guard let count = input.count(limit: eventCount) else { return nil }
    for _ in 0..<count {
      guard let group = input.byte(), let type = input.byte(), type <= 3,
        let isFact = input.byte()
      else { return nil }
      shapes.append(EventShape(group: group, type: type, isFact: isFact != 0))
    }
    for part in EventShapes.places {
      guard let values = IntegerCodec.integers(from: &input, count: count) else { return nil }
      for index in 0..<count { shapes[index][keyPath: part] = values[index] }
    }
    guard let indexes = IntegerCodec.indexes(from: &input, count: eventCount, limit: count) else {
      return nil
    }
    self.indexes = indexes
  }

  private static var places: [WritableKeyPath<EventShape, Int64>] {
    [\.jsonOffset, \.requestPlace, \.timePlace]
  }
}
