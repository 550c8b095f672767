internal import InsightsText

/// Gathers the columns of a segment, event by event.
struct SegmentColumns {
  private let eventCount: Int
  private var shapes = EventShapes()
  private var groupCounts = TextGroup.allCases.map { _ in 0 }
  private var lengths: [Int64] = []
  /// The messages of each group without what is left out.
  private var texts: [[UInt8]]
  private var stripper = MessageStripper()
  /// Of whole messages.
  private var byteCount = 0
  private var timestamps: [Int64] = []
  private var ingestionTimes: [Int64] = []
  private var streams: [Int64] = []
  private var sources: [Int64] = []
  private var eventIDs = OptionalTexts()
  private var requestIDs = RequestIDColumnBuilder()
  private var uuids = UUIDFilterBuilder()
  private var reports = ReportColumns()
  private var xrayTraceIDs = OptionalTexts()
  private var xraySegmentIDs = OptionalTexts()
  private var hasDelimitedFields = false
  private var facts: [UInt16] = []
  /// The fields by the number of their name; what has not occurred has no event.
  private var fields: [FieldColumnBuilder] = []
  /// Events with a JSON object: the entries of the fields' columns.
  private var objectCount = 0
  /// The numbers of the names that have occurred, in their order.
  private var fieldNames: [Int32] = []

  init(eventCount: Int) {
    self.eventCount = eventCount
    texts = TextGroup.allCases.map { _ in [] }
    lengths.reserveCapacity(eventCount)
    timestamps.reserveCapacity(eventCount)
    ingestionTimes.reserveCapacity(eventCount)
    streams.reserveCapacity(eventCount)
    sources.reserveCapacity(eventCount)
  }

  mutating func append(
    _ event: SegmentEvents.Event, _ values: EventColumns, group: TextGroup,
    message: UnsafeBufferPointer<UInt8>, eventID: UnsafeBufferPointer<UInt8>?
  ) {
    let index = UInt16(truncatingIfNeeded: lengths.count)
    groupCounts[Int(group.rawValue)] += 1
    lengths.append(Int64(message.count))
    byteCount += message.count
    let requestID = values.requestID.flatMap { $0.upperBound <= message.count ? $0 : nil }
    let isUUID = requestIDs.append(SegmentColumns.slice(message, requestID))
    let timePlace = stripper.append(
      message, group, requestID: isUUID ? requestID : nil, requestIndex: requestIDs.lastIndex,
      timestamp: event.timestamp, to: &texts[Int(group.rawValue)])
    uuids.add(message, besides: isUUID ? requestID : nil)
    timestamps.append(event.timestamp ?? SegmentReader.missing)
    ingestionTimes.append(event.ingestionTime ?? SegmentReader.missing)
    streams.append(event.streamID)
    sources.append(event.sourceID)
    if let eventID {
      while eventIDs.isPresent.count < Int(index) { eventIDs.append(nil) }
      eventIDs.append(eventID)
    }
    if values.jsonOffset == nil, !hasDelimitedFields {
      hasDelimitedFields = DelimitedFields.occur(in: message)
    }
    if values.type == .report { appendReport(index, values, message) }
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
    _ event: UInt16, _ values: EventColumns, _ message: UnsafeBufferPointer<UInt8>
  ) {
    reports.events.append(event)
    reports.duration.append(values.duration ?? .nan)
    reports.billedDuration.append(values.billedDuration ?? SegmentReader.missing)
    reports.memorySize.append(values.memorySize ?? SegmentReader.missing)
    reports.maxMemoryUsed.append(values.maxMemoryUsed ?? SegmentReader.missing)
    reports.initDuration.append(values.initDuration ?? .nan)
    xrayTraceIDs.append(SegmentColumns.slice(message, values.xrayTraceID))
    xraySegmentIDs.append(SegmentColumns.slice(message, values.xraySegmentID))
  }

  /// Takes in the leaves of the JSON object of the event that was appended last.
  mutating func append(
    _ leaves: [JSONLeafReader.Leaf], of message: UnsafeBufferPointer<UInt8>
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

  /// The segment; `leafReader` knows the names of the fields.
  mutating func finish(
    compressor: BlockCompressor, leafReader: JSONLeafReader
  ) -> EncodedSegment {
    var blocks = BlockList(compressor: compressor)
    let times = TimeBounds(timestamps)
    blocks.add(.timestamps) { IntegerCodec.append(timestamps, asSteps: true, to: &$0) }
    blocks.add(.shapes) { shapes.append(to: &$0) }
    blocks.add(.lengths) { IntegerCodec.append(lengths, asSteps: false, to: &$0) }
    let streams = IndexedIntegers(streams)
    blocks.add(.streams) { streams.append(to: &$0) }
    blocks.add(.sources) { IndexedIntegers(sources).append(to: &$0) }
    if ingestionTimes.contains(where: { $0 != SegmentReader.missing }) {
      blocks.add(.ingestionTimes) { IntegerCodec.append(ingestionTimes, asSteps: true, to: &$0) }
    }
    let hasEventIDs = !eventIDs.isPresent.isEmpty
    if hasEventIDs {
      while eventIDs.isPresent.count < eventCount { eventIDs.append(nil) }
      blocks.add(.eventIDs) { eventIDs.append(to: &$0) }
    }
    let requestIDs = requestIDs.finish()
    if let requestIDs { blocks.add(.requestIDs) { requestIDs.append(to: &$0) } }
    if !reports.events.isEmpty {
      if xrayTraceIDs.isPresent.contains(true) { reports.xrayTraceIDs = xrayTraceIDs }
      if xraySegmentIDs.isPresent.contains(true) { reports.xraySegmentIDs = xraySegmentIDs }
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

  /// What is known of all times together.
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

  /// The blocks that are done, compressed.
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
