/// Decodes the columns of one segment on first use.
///
/// Not thread-safe, like its `SegmentBlocks`; the results are plain values that any thread may
/// keep. All columns are flat arrays with one entry per event, in the order of positions, unless
/// noted otherwise. Missing values are `SegmentReader.missing`, NaN or `noIndex`, depending on the
/// column. A damaged block throws `StoreError.damaged`.
final class SegmentReader {
  /// Marks a missing integer: a time, an ingestion time, a JSON offset.
  static let missing = Int64.min
  /// Marks an event without an entry of a dictionary.
  static let noIndex = UInt16.max

  let directory: SegmentDirectory
  private let blocks: SegmentBlocks
  private var knownShapes: EventShapes?
  private var places: MessagePlaces?
  private var events: [Int]?
  private var times: [Int64]?
  private var restorer: MessageRestorer?
  private var knownLengths: [Int64]?
  private var texts: [SegmentText?] = TextGroup.allCases.map { _ in nil }
  /// The blocks of the groups' texts.
  private var strippedBytes: [[UInt8]?] = TextGroup.allCases.map { _ in nil }
  private var strippedTexts: [StrippedText?] = TextGroup.allCases.map { _ in nil }

  init(directory: SegmentDirectory, blocks: SegmentBlocks) {
    self.directory = directory
    self.blocks = blocks
  }

  // MARK: Messages

  /// The messages of a group, laid end to end; empty where the segment has none.
  func text(of group: TextGroup) throws(StoreError) -> SegmentText {
    if let text = texts[Int(group.rawValue)] { return text }
    let places = try messagePlaces()
    var text = places.texts[Int(group.rawValue)]
    if !text.events.isEmpty {
      guard let bytes = try messageRestorer().restore(strippedBytes(of: group), of: text),
        bytes.count == Int(text.offsets.last ?? 0)
      else { throw blocks.damage }
      text.bytes = bytes
      strippedBytes[Int(group.rawValue)] = nil
      strippedTexts[Int(group.rawValue)] = nil
    }
    texts[Int(group.rawValue)] = text
    return text
  }

  /// The messages of a group without what was left out, which takes fewer columns and no restoring.
  func strippedText(of group: TextGroup) throws(StoreError) -> StrippedText {
    if let text = strippedTexts[Int(group.rawValue)] { return text }
    guard
      let text = StrippedText(
        try strippedBytes(of: group), of: group, shapes: try shapes(), lengths: try lengths())
    else { throw blocks.damage }
    strippedTexts[Int(group.rawValue)] = text
    return text
  }

  /// Calls `body` with the messages of some events, ascending, each restored by itself: for few
  /// events of a group.
  func forEachMessage(
    of events: [UInt16], _ body: (UnsafeBufferPointer<UInt8>) -> Void
  ) throws(StoreError) {
    let shapes = try shapes()
    let lengths = try lengths()
    let restorer = try messageRestorer()
    for event in events {
      let shape = shapes.shapes[Int(shapes.indexes[Int(event)])]
      guard let group = TextGroup(rawValue: shape.group) else { throw blocks.damage }
      let text = try strippedText(of: group).text
      guard let number = text.number(of: event),
        let message = text.bytes.withUnsafeBufferPointer({ bytes in
          restorer.restore(
            UnsafeBufferPointer(
              rebasing: bytes[Int(text.offsets[number])..<Int(text.offsets[number + 1])]),
            of: Int(event), length: Int(lengths[Int(event)]))
        })
      else { throw blocks.damage }
      message.withUnsafeBufferPointer(body)
    }
  }

  /// Whether a part was left out of some message of a group.
  func hasStripped(_ part: StrippedPart, in group: TextGroup) throws(StoreError) -> Bool {
    try shapes().shapes.contains { shape in
      shape.group == group.rawValue
        && (part == .time ? shape.timePlace : shape.requestPlace) != SegmentReader.missing
    }
  }

  private func strippedBytes(of group: TextGroup) throws(StoreError) -> [UInt8] {
    if let bytes = strippedBytes[Int(group.rawValue)] { return bytes }
    guard let bytes = try blocks.bytes(.text(group), of: directory.id) else { throw blocks.damage }
    strippedBytes[Int(group.rawValue)] = bytes
    return bytes
  }

  /// The `TextGroup` of each event.
  func groups() throws(StoreError) -> [UInt8] { try shapes().column(\.group) }

  /// Byte count of each message.
  private func lengths() throws(StoreError) -> [Int64] {
    if let knownLengths { return knownLengths }
    let lengths = try requiredIntegers(.lengths)
    knownLengths = lengths
    return lengths
  }

  private func messageRestorer() throws(StoreError) -> MessageRestorer {
    if let restorer { return restorer }
    let requestPlaces = try shapes().column(\.requestPlace)
    let restorer = MessageRestorer(
      requestPlaces: requestPlaces, timePlaces: try shapes().column(\.timePlace),
      requestIDs: requestPlaces == nil ? nil : try requestIDs(), timestamps: try timestamps())
    self.restorer = restorer
    return restorer
  }

  /// Where each event's message is: its group and its number among the messages of the group.
  func messagePlaces() throws(StoreError) -> MessagePlaces {
    if let places { return places }
    guard
      let places = MessagePlaces(
        groups: try groups(), lengths: try lengths(),
        eventCount: directory.eventCount)
    else { throw blocks.damage }
    self.places = places
    return places
  }

  /// The filter over the messages of a group; `nil` where the group has no messages.
  ///
  /// `TokenFilter.mayContain` says false only where no message of the group has the literal.
  func filter(of group: TextGroup) throws(StoreError) -> TokenFilter? {
    try blocks.bytes(.filter(group), of: directory.id).flatMap { TokenFilter(encoded: $0) }
  }

  /// The filter of the UUIDs in all messages; `nil` where there is none.
  func uuidFilter() throws(StoreError) -> UUIDFilter? { try blocks.uuidFilter(of: directory.id) }

  // MARK: Columns of every event

  /// Epoch milliseconds; `missing` for events without a time.
  func timestamps() throws(StoreError) -> [Int64] {
    if let times { return times }
    let times = try requiredIntegers(.timestamps)
    self.times = times
    return times
  }

  /// Epoch milliseconds; `nil` if all are missing.
  func ingestionTimes() throws(StoreError) -> [Int64]? { try integers(.ingestionTimes) }

  /// `log_streams.id` of each event.
  func streams() throws(StoreError) -> IndexedIntegers { try indexedIntegers(.streams) }

  /// `sources.root_id` of each event.
  func sources() throws(StoreError) -> IndexedIntegers { try indexedIntegers(.sources) }

  /// Returns the shape of each event, and the type of each shape.
  ///
  /// 0 none, 1 START, 2 END, 3 REPORT; `nil` if no event has a type.
  func types() throws(StoreError) -> (indexes: [UInt16], types: [UInt8])? {
    let shapes = try shapes()
    let types = shapes.shapes.map(\.type)
    return types.contains { $0 != 0 } ? (shapes.indexes, types) : nil
  }

  /// `nil` where no event has a request id.
  ///
  /// Without `hasIndexes` the column tells which ids there are, not which event has which.
  func requestIDs(hasIndexes: Bool = true) throws(StoreError) -> RequestIDColumn? {
    guard let block = try blocks.bytes(.requestIDs, of: directory.id) else { return nil }
    guard
      let column = RequestIDColumn(
        encoded: block, eventCount: directory.eventCount, hasIndexes: hasIndexes)
    else { throw blocks.damage }
    return column
  }

  /// `nil` if no event has an event id.
  func eventIDs() throws(StoreError) -> OptionalTexts? {
    guard let block = try blocks.bytes(.eventIDs, of: directory.id) else { return nil }
    var input = BlockInput(block)
    guard let texts = OptionalTexts(from: &input, count: directory.eventCount) else {
      throw blocks.damage
    }
    return texts
  }

  /// Where the JSON object starts whose keys are fields; `missing` where a message has none.
  ///
  /// `nil` where no message has one.
  func jsonOffsets() throws(StoreError) -> [Int64]? { try shapes().column(\.jsonOffset) }

  /// The numbers of the REPORT lines, one entry per line; `nil` where there is none.
  func reports() throws(StoreError) -> ReportColumns? {
    guard let block = try blocks.bytes(.reports, of: directory.id) else { return nil }
    guard let columns = ReportColumns(encoded: block, eventCount: directory.eventCount) else {
      throw blocks.damage
    }
    return columns
  }

  /// The events that invocations or errors are derived from, ascending.
  func facts() throws(StoreError) -> [UInt16] {
    try shapes().facts
  }

  private func shapes() throws(StoreError) -> EventShapes {
    if let knownShapes { return knownShapes }
    guard let block = try blocks.bytes(.shapes, of: directory.id),
      let shapes = EventShapes(encoded: block, eventCount: directory.eventCount)
    else { throw blocks.damage }
    knownShapes = shapes
    return shapes
  }

  // MARK: Discovered fields

  /// The field at a place of `directory.fields`.
  func field(at index: Int) throws(StoreError) -> FieldColumn {
    guard directory.fields.indices.contains(index) else { return .inMessages }
    if directory.fields[index].kind == .inMessages { return .inMessages }
    let events = try objectEvents()
    guard let block = try blocks.bytes(.field(index), of: directory.id),
      let column = FieldColumn(encoded: block, eventCount: events.count)
    else { throw blocks.damage }
    return column.spread(over: events, count: directory.eventCount)
  }

  /// Returns the events with a JSON object.
  private func objectEvents() throws(StoreError) -> [Int] {
    if let events { return events }
    let offsets = try jsonOffsets() ?? []
    let events = offsets.indices.filter { offsets[$0] != SegmentReader.missing }
    self.events = events
    return events
  }

  // MARK: Blocks

  private func integers(_ column: SegmentColumn) throws(StoreError) -> [Int64]? {
    guard let block = try blocks.bytes(column, of: directory.id) else { return nil }
    var input = BlockInput(block)
    guard let values = IntegerCodec.integers(from: &input, count: directory.eventCount) else {
      throw blocks.damage
    }
    return values
  }

  private func requiredIntegers(_ column: SegmentColumn) throws(StoreError) -> [Int64] {
    guard let values = try integers(column) else { throw blocks.damage }
    return values
  }

  private func indexedIntegers(_ column: SegmentColumn) throws(StoreError) -> IndexedIntegers {
    guard let block = try blocks.bytes(column, of: directory.id),
      let values = IndexedIntegers(encoded: block, eventCount: directory.eventCount)
    else { throw blocks.damage }
    return values
  }
}
