internal import InsightsText

/// Gathers the columns of a segment, event by event.
struct SegmentColumns {
  private var shapes = EventShapes()
  private var groupCounts = TextGroup.allCases.map { _ in 0 }
  /// The messages of each group without what is left out.
  private var texts: [[UInt8]] = TextGroup.allCases.map { _ in [] }
  private var stripper = MessageStripper()
  private var eventCount = 0
  /// Of whole messages.
  private var byteCount = 0
  private var requestIDs = RequestIDColumnBuilder()
  private var uuids = UUIDFilterBuilder()
  private var reports = ReportColumns()
  private var xrayTraceIDs = OptionalTexts()
  private var xraySegmentIDs = OptionalTexts()
  private var hasDelimitedFields = false
  private var facts: [UInt16] = []
  /// The fields by the number of their name; unused ones have no event.
  private var fields: [FieldColumnBuilder] = []
  /// Events with a JSON object: the entries of the fields' columns.
  private var objectCount = 0
  /// The numbers of the names that have occurred, in their order.
  private var fieldNames: [Int32] = []

  init() {}

  /// Takes in the next event; its JSON object is the one that `leafReader` read last.
  mutating func append(
    _ message: UnsafeBufferPointer<UInt8>, _ values: EventColumns, group: TextGroup,
    timestamp: Int64?, _ leafReader: JSONLeafReader
  ) {
    let index = UInt16(truncatingIfNeeded: eventCount)
    eventCount += 1
    groupCounts[Int(group.rawValue)] += 1
    byteCount += message.count
    let requestID = values.requestID.flatMap { $0.upperBound <= message.count ? $0 : nil }
    let isUUID = requestIDs.append(SegmentColumns.slice(message, requestID))
    let timePlace = stripper.append(
      message, group, requestID: isUUID ? requestID : nil, requestIndex: requestIDs.lastIndex,
      timestamp: timestamp, object: values.jsonOffset == nil ? nil : leafReader,
      to: &texts[Int(group.rawValue)])
    uuids.add(message, besides: isUUID ? requestID : nil)
    if values.jsonOffset != nil {
      append(leafReader.leaves, of: message)
    } else if !hasDelimitedFields {
      hasDelimitedFields = DelimitedFields.occur(in: message)
    }
    if values.type == .report { appendReport(index, values.report, message) }
    if values.isFact { facts.append(index) }
    shapes.append(
      EventShape(
        group: group.rawValue, type: SegmentColumns.number(of: values.type),
        isFact: values.isFact, jsonOffset: SegmentColumns.place(values.jsonOffset),
        requestPlace: SegmentColumns.place(isUUID ? requestID?.lowerBound : nil),
        timePlace: SegmentColumns.place(timePlace)))
  }

  private static func place(_ offset: Int?) -> Int64 {
    offset.map { Int64($0) } ?? SegmentReader.missing
  }

  private static func number(of type: EventColumns.LineType?) -> UInt8 {
    switch type {
    case nil: 0
    case .start: 1
    case .end: 2
    case .report: 3
    }
  }

  private mutating func appendReport(
    _ event: UInt16, _ values: EventColumns.Report, _ message: UnsafeBufferPointer<UInt8>
  ) {
    reports.events.append(event)
    reports.duration.append(values.duration ?? .nan)
    reports.billedDuration.append(values.billedDuration ?? SegmentReader.missing)
    reports.memorySize.append(values.memorySize ?? SegmentReader.missing)
    reports.maxMemoryUsed.append(values.maxMemoryUsed ?? SegmentReader.missing)
    reports.initDuration.append(values.initDuration ?? .nan)
    let row = reports.events.count - 1
    if let id = SegmentColumns.slice(message, values.xrayTraceID) {
      xrayTraceIDs.append(id, at: row)
    }
    if let id = SegmentColumns.slice(message, values.xraySegmentID) {
      xraySegmentIDs.append(id, at: row)
    }
  }

  private mutating func append(
    _ leaves: UnsafeBufferPointer<JSONLeafReader.Leaf>, of message: UnsafeBufferPointer<UInt8>
  ) {
    for leaf in leaves {
      let name = Int(leaf.name)
      // The empty name is that of an empty key, which no query can ask for.
      guard name > 0 else { continue }
      while fields.count <= name { fields.append(FieldColumnBuilder()) }
      if fields[name].eventCount == 0 { fieldNames.append(leaf.name) }
      fields[name].append(
        leaf.kind, UnsafeBufferPointer(rebasing: message[Int(leaf.start)..<Int(leaf.end)]),
        event: objectCount)
    }
    objectCount += 1
  }

  private static func slice(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>?
  ) -> UnsafeBufferPointer<UInt8>? {
    range.map { UnsafeBufferPointer(rebasing: bytes[$0.clamped(to: 0..<bytes.count)]) }
  }

  // MARK: Encoding

  /// The segment of these events, all of which have been taken in; empty again afterwards.
  ///
  /// `leafReader` knows the names of the fields.
  mutating func finish(
    _ source: SegmentEvents, compressor: BlockCompressor, leafReader: JSONLeafReader
  ) -> EncodedSegment {
    defer { clear() }
    let events = source.events
    var blocks = BlockList(compressor: compressor)
    let timestamps = events.map { $0.timestamp ?? SegmentReader.missing }
    let times = TimeBounds(timestamps)
    blocks.add(.timestamps) { IntegerCodec.append(timestamps, asSteps: true, to: &$0) }
    blocks.add(.shapes) { shapes.append(to: &$0) }
    blocks.add(.lengths) {
      IntegerCodec.append(events.map { Int64($0.message.count) }, asSteps: false, to: &$0)
    }
    let streams = IndexedIntegers(events.map(\.streamID))
    blocks.add(.streams) { streams.append(to: &$0) }
    blocks.add(.sources) { IndexedIntegers(events.map(\.sourceID)).append(to: &$0) }
    if events.contains(where: { $0.ingestionTime != nil }) {
      let times = events.map { $0.ingestionTime ?? SegmentReader.missing }
      blocks.add(.ingestionTimes) { IntegerCodec.append(times, asSteps: true, to: &$0) }
    }
    let hasEventIDs = events.contains { $0.eventID != nil }
    if hasEventIDs { blocks.add(.eventIDs) { source.eventIDs.append(to: &$0) } }
    let requestIDs = requestIDs.finish()
    if let requestIDs { blocks.add(.requestIDs) { requestIDs.append(to: &$0) } }
    if !reports.events.isEmpty {
      reports.xrayTraceIDs = xrayTraceIDs.whole(count: reports.events.count)
      reports.xraySegmentIDs = xraySegmentIDs.whole(count: reports.events.count)
      blocks.add(.reports) { reports.append(to: &$0) }
    }
    for group in TextGroup.allCases where groupCounts[Int(group.rawValue)] > 0 {
      blocks.add(.text(group), texts[Int(group.rawValue)])
      blocks.add(.filter(group), stripper.filters[Int(group.rawValue)].encoded())
    }
    let (columns, fields, listsAllFields) = fieldColumns(leafReader, blocks: &blocks)
    return EncodedSegment(
      directory: SegmentDirectory(
        id: 0, firstPosition: 0, eventCount: eventCount, timestamps: times.bounds,
        hasMissingTimestamps: times.hasMissing, isOrderedByTime: times.isOrdered,
        hasEventIDs: hasEventIDs, hasFacts: !facts.isEmpty,
        textByteCount: byteCount, groupCounts: groupCounts, reportBounds: reports.bounds,
        listsAllFields: listsAllFields, hasDelimitedFields: hasDelimitedFields, fields: columns,
        timeCounts: times.bounds.flatMap { TimeCounts(timestamps, bounds: $0) },
        streamIDs: streams.values.sorted()),
      blocks: blocks.blocks, uuidFilter: uuids.finish(requestIDs: requestIDs?.uuids ?? []),
      fields: fields, facts: facts)
  }

  /// Makes room for the next segment, in the memory that is there.
  private mutating func clear() {
    var texts: [[UInt8]] = []
    swap(&texts, &self.texts)
    for group in texts.indices { texts[group].removeAll(keepingCapacity: true) }
    self = SegmentColumns()
    self.texts = texts
  }

  private mutating func fieldColumns(
    _ leafReader: JSONLeafReader, blocks: inout BlockList
  ) -> (columns: [SegmentDirectory.Field], fields: [EncodedSegment.Field], listsAll: Bool) {
    var columns: [SegmentDirectory.Field] = []
    var fields: [EncodedSegment.Field] = []
    for name in fieldNames {
      fields.append(
        EncodedSegment.Field(
          name: leafReader.name(name), eventCount: self.fields[Int(name)].eventCount))
      guard columns.count < SegmentColumn.fieldLimit else { continue }
      let (column, kind, bounds, hasText) = self.fields[Int(name)].finish(count: objectCount)
      if kind != .inMessages {
        blocks.add(.field(columns.count)) { column.append(to: &$0) }
      }
      columns.append(
        SegmentDirectory.Field(id: 0, kind: kind, bounds: bounds, hasText: hasText))
    }
    let listsAll = columns.count == fieldNames.count && !leafReader.hasLeftOutNames
    return (columns, fields, listsAll)
  }

  /// The bounds and order of all times.
  private struct TimeBounds {
    var bounds: ClosedRange<Int64>?
    var hasMissing = false
    var isOrdered = true

    init(_ timestamps: [Int64]) {
      var least = Int64.max
      var greatest = Int64.min
      var previous = Int64.min
      for timestamp in timestamps {
        if timestamp == SegmentReader.missing {
          hasMissing = true
          continue
        }
        isOrdered = isOrdered && timestamp >= previous
        previous = timestamp
        least = min(least, timestamp)
        greatest = max(greatest, timestamp)
      }
      isOrdered = isOrdered && !hasMissing
      if least <= greatest { bounds = least...greatest }
    }
  }

  /// The finished blocks, compressed.
  private struct BlockList {
    let compressor: BlockCompressor
    private(set) var blocks: [EncodedSegment.Block] = []

    init(compressor: BlockCompressor) {
      self.compressor = compressor
    }

    mutating func add(_ column: SegmentColumn, _ write: (inout BlockOutput) -> Void) {
      var output = BlockOutput()
      write(&output)
      add(column, output.bytes)
    }

    mutating func add(_ column: SegmentColumn, _ bytes: [UInt8]) {
      blocks.append(EncodedSegment.Block(column: column, bytes: compressor.compress(bytes)))
    }
  }
}
