package import InsightsModel

/// Decodes the columns of one segment on first use.
///
/// Not thread-safe, like its `BlockSource`; the results are plain values that any thread may
/// keep. All columns are flat arrays with one entry per event, in the order of positions, unless
/// noted otherwise. Missing values are `SegmentReader.missing`, NaN or `noIndex`, depending on the
/// column. A damaged block throws `StoreError.damaged`.
package final class SegmentReader {
  /// Marks a missing integer: a time, an ingestion time, a JSON offset.
  package static let missing = Int64.min
  /// Marks an event without an entry of a dictionary.
  package static let noIndex = UInt16.max

  package let directory: SegmentDirectory
  private let blocks: any BlockSource
  private var knownShapes: EventShapes?
  private var events: [Int]?
  private var times: [Int64]?
  private var knownMessages: SegmentText?
  private var knownTemplates: SegmentTemplates??

  package init(directory: SegmentDirectory, blocks: any BlockSource) {
    self.directory = directory
    self.blocks = blocks
  }

  // MARK: Messages

  /// Returns all messages.
  package func messages() throws(StoreError) -> SegmentText {
    if let knownMessages { return knownMessages }
    var text: SegmentText
    if let templates = try templates() {
      text = try templates.messages(of: 0..<UInt16(truncatingIfNeeded: directory.eventCount))
    } else {
      text = SegmentText()
      guard let offsets = Texts.offsets(ofLengths: try requiredIntegers(.lengths)),
        let bytes = try blocks.bytes(.text, of: directory.id),
        bytes.count == Int(offsets[directory.eventCount])
      else { throw blocks.damage }
      text.offsets = offsets
      text.bytes = bytes
    }
    knownMessages = text
    return text
  }

  /// Returns the messages of some events.
  package func messages(of events: [UInt16]) throws(StoreError) -> SegmentText {
    if knownMessages == nil, let templates = try templates() {
      return try templates.messages(of: events)
    }
    let all = try messages()
    var text = SegmentText()
    for event in events {
      text.bytes.append(contentsOf: all.bytes[all.range(of: Int(event))])
      text.offsets.append(UInt32(truncatingIfNeeded: text.bytes.count))
    }
    return text
  }

  /// Returns the sizes in bytes of the messages of some events, without decoding the messages.
  package func messageByteCounts(of events: [UInt16]) throws(StoreError) -> [Int] {
    if knownMessages == nil, let templates = try templates() {
      return try templates.messageByteCounts(of: events)
    }
    if let knownMessages { return events.map { knownMessages.range(of: Int($0)).count } }
    let lengths = try requiredIntegers(.lengths)
    return events.map { Int(lengths[Int($0)]) }
  }

  /// Returns the templates of the messages; `nil` for plain text.
  package func templates() throws(StoreError) -> SegmentTemplates? {
    if let knownTemplates { return knownTemplates }
    let templates = try SegmentTemplates(directory, blocks)
    knownTemplates = .some(templates)
    return templates
  }

  /// Returns the filter over the messages; `nil` if they are not plain text.
  ///
  /// `TokenFilter.mayContain` returns false only if no message contains the literal.
  package func filter() throws(StoreError) -> TokenFilter? {
    try blocks.bytes(.filter, of: directory.id).flatMap { TokenFilter(encoded: $0) }
  }

  /// Returns the filter of the UUIDs in all messages; `nil` if there is none.
  package func uuidFilter() throws(StoreError) -> UUIDFilter? {
    try blocks.uuidFilter(of: directory.id)
  }

  // MARK: Columns of every event

  /// Returns times in epoch milliseconds; `missing` for events without a time.
  package func timestamps() throws(StoreError) -> [Int64] {
    if let times { return times }
    let times = try requiredIntegers(.timestamps)
    self.times = times
    knownTemplates??.take(timestamps: times)
    return times
  }

  /// Returns times in epoch milliseconds; `nil` if all are missing.
  package func ingestionTimes() throws(StoreError) -> [Int64]? { try integers(.ingestionTimes) }

  /// Returns the `log_streams.id` of each event.
  package func streams() throws(StoreError) -> IndexedIntegers { try indexedIntegers(.streams) }

  /// Returns the `sources.root_id` of each event.
  package func sources() throws(StoreError) -> IndexedIntegers { try indexedIntegers(.sources) }

  /// Returns the shape of each event, and the type of each shape.
  ///
  /// 0 none, 1 START, 2 END, 3 REPORT; `nil` if no event has a type.
  package func types() throws(StoreError) -> (indexes: [UInt16], types: [UInt8])? {
    let shapes = try shapes()
    let types = shapes.shapes.map(\.type)
    return types.contains { $0 != 0 } ? (shapes.indexes, types) : nil
  }

  /// Returns the request ids; `nil` if no event has one.
  ///
  /// Without `hasIndexes` the column contains the distinct ids, but not the id of each event.
  package func requestIDs(hasIndexes: Bool = true) throws(StoreError) -> RequestIDColumn? {
    guard let block = try blocks.bytes(.requestIDs, of: directory.id) else { return nil }
    var failure: StoreError?
    let column = RequestIDColumn(
      encoded: block, eventCount: directory.eventCount, hasIndexes: hasIndexes,
      ofMessages: {
        do throws(StoreError) { return try uuids() } catch {
          failure = error
          return nil
        }
      })
    guard let column else { throw failure ?? blocks.damage }
    return column
  }

  /// Returns the UUIDs of the messages without decoding the templates; `nil` if the block is
  /// damaged.
  private func uuids() throws(StoreError) -> [UUID]? {
    if let templates = knownTemplates ?? nil { return templates.templates.uuids() }
    guard let block = try blocks.bytes(.messages(.uuids), of: directory.id) else { return [] }
    return MessageTemplates.uuids(in: block)
  }

  /// Returns the event ids; `nil` if no event has one.
  package func eventIDs() throws(StoreError) -> OptionalTexts? {
    guard let block = try blocks.bytes(.eventIDs, of: directory.id) else { return nil }
    var input = BlockInput(block)
    guard let texts = OptionalTexts(from: &input, count: directory.eventCount) else {
      throw blocks.damage
    }
    return texts
  }

  /// Returns the offsets of the JSON objects whose keys are fields; `missing` for a message without
  /// one.
  ///
  /// `nil` if no message has one.
  package func jsonOffsets() throws(StoreError) -> [Int64]? { try shapes().jsonOffsets }

  /// Returns the numbers of the REPORT lines, one entry per line; `nil` if there are none.
  ///
  /// With `onlyDuration` the other columns are empty.
  package func reports(onlyDuration: Bool = false) throws(StoreError) -> ReportColumns? {
    guard let block = try blocks.bytes(.reports, of: directory.id) else { return nil }
    let columns = ReportColumns(
      encoded: block, eventCount: directory.eventCount, onlyDuration: onlyDuration)
    guard let columns else { throw blocks.damage }
    return columns
  }

  /// Returns the events that invocations or errors are derived from, ascending.
  package func facts() throws(StoreError) -> [UInt16] {
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

  /// Returns the column of the field at an index of `directory.fields`.
  package func field(at index: Int) throws(StoreError) -> FieldColumn {
    guard directory.fields.indices.contains(index) else { return .inMessages }
    switch directory.fields[index].kind {
    case .inMessages: return .inMessages
    case .dictionary, .integers, .reals:
      guard let column = try column(ofField: index) else { throw blocks.damage }
      return column
    case .templates:
      guard let templates = try templates() else { throw blocks.damage }
      return try templates.field(at: index, with: try column(ofField: index))
    }
  }

  /// Returns a field's values in some events, one per event, which must be ascending.
  ///
  /// Returns `nil` if decoding the whole column is better, as for values that are not numbers.
  package func numbers(
    ofField index: Int, of events: [UInt16]
  ) throws(StoreError) -> FieldColumn? {
    guard directory.fields.indices.contains(index), directory.fields[index].kind == .templates,
      let templates = try templates(),
      let (values, others) = try templates.numbers(ofField: index, of: events)
    else { return nil }
    if others.isEmpty { return values }
    let rest = try column(ofField: index)
    return others.contains { rest?.hasValue(of: Int($0)) ?? false } ? nil : values
  }

  private func column(ofField index: Int) throws(StoreError) -> FieldColumn? {
    guard let block = try blocks.bytes(.field(index), of: directory.id) else { return nil }
    let events = try objectEvents()
    guard let column = FieldColumn(encoded: block, eventCount: events.count) else {
      throw blocks.damage
    }
    return column.spread(over: events, count: directory.eventCount)
  }

  /// Returns the events with a JSON object.
  private func objectEvents() throws(StoreError) -> [Int] {
    if let events { return events }
    let events = try shapes().objectEvents
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
