internal import InsightsText

/// Collects the columns of a segment, event by event.
struct SegmentColumns {
  private var shapes = EventShapes()
  private var typeCounts = [Int](repeating: 0, count: SegmentDirectory.typeCount)
  private var eventCount = 0
  /// The total size of the messages.
  private var byteCount = 0
  private var requestIDs = RequestIDColumnBuilder()
  private var reports = ReportColumns()
  private var xrayTraceIDs = OptionalTexts()
  private var xraySegmentIDs = OptionalTexts()
  private var hasDelimitedFields = false
  private var facts: [UInt16] = []
  /// The builders of fields by the number of the name; unused ones have no event.
  private var fields: [FieldColumnBuilder] = []
  /// The number of events with a JSON object, which are the entries of the fields' columns.
  private var objectCount = 0
  /// The numbers of the names that have occurred, in order of occurrence.
  private var fieldNames: [Int32] = []
  /// Whether a name has occurred, by its number.
  private var isListed: [Bool] = []

  init() {}

  /// Adds the next event; `leafReader` must have read its JSON object last.
  ///
  /// `layout` is that of the message's template; values of fields that it determines are not
  /// collected.
  mutating func append(
    _ message: UnsafeBufferPointer<UInt8>, _ values: EventColumns, _ leafReader: JSONLeafReader,
    _ layout: ObjectLayout?
  ) {
    let index = UInt16(truncatingIfNeeded: eventCount)
    eventCount += 1
    byteCount += message.count
    let requestID = values.requestID.flatMap { $0.upperBound <= message.count ? $0 : nil }
    requestIDs.append(SegmentColumns.slice(message, requestID))
    if values.jsonOffset != nil {
      append(leafReader.leaves, of: message, layout)
    } else if !hasDelimitedFields {
      hasDelimitedFields = DelimitedFields.occur(in: message)
    }
    if values.type == .report { appendReport(index, values.report, message) }
    if values.isFact { facts.append(index) }
    let type = SegmentColumns.number(of: values.type)
    if type > 0 { typeCounts[Int(type) - 1] += 1 }
    shapes.append(
      EventShape(
        type: type, isFact: values.isFact,
        jsonOffset: values.jsonOffset.map { Int64($0) } ?? SegmentReader.missing))
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
    _ leaves: UnsafeBufferPointer<JSONLeafReader.Leaf>, of message: UnsafeBufferPointer<UInt8>,
    _ layout: ObjectLayout?
  ) {
    if let layout {
      if layout.isNew {
        // Names are listed in order of occurrence.
        for leaf in leaves { list(leaf.name) }
        layout.isNew = false
      }
      for index in layout.mixedLeaves { append(leaves[index], of: message) }
    } else {
      for leaf in leaves { append(leaf, of: message) }
    }
    objectCount += 1
  }

  private mutating func append(
    _ leaf: JSONLeafReader.Leaf, of message: UnsafeBufferPointer<UInt8>
  ) {
    // The empty name is that of an empty key, which no query can refer to.
    guard leaf.name > 0 else { return }
    list(leaf.name)
    fields[Int(leaf.name)].append(
      leaf.kind, UnsafeBufferPointer(rebasing: message[Int(leaf.start)..<Int(leaf.end)]),
      event: objectCount)
  }

  private mutating func list(_ name: Int32) {
    guard name > 0 else { return }
    while isListed.count <= Int(name) {
      isListed.append(false)
      fields.append(FieldColumnBuilder())
    }
    if isListed[Int(name)] { return }
    isListed[Int(name)] = true
    fieldNames.append(name)
  }

  private static func slice(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>?
  ) -> UnsafeBufferPointer<UInt8>? {
    range.map { UnsafeBufferPointer(rebasing: bytes[$0.clamped(to: 0..<bytes.count)]) }
  }

  // MARK: Encoding

  /// Returns the segment of these events, all of which have been added, and resets the columns.
  ///
  /// `leafReader` knows the names of the fields, `objects` the fields in templates.
  mutating func finish(
    _ source: SegmentEvents, _ messages: MessageEncoder.Messages, _ objects: TemplateObjects?,
    compressor: BlockCompressor, leafReader: JSONLeafReader
  ) -> EncodedSegment {
    defer { self = SegmentColumns() }
    let events = source.events
    var blocks = BlockList(compressor: compressor)
    let timestamps = events.map { $0.timestamp ?? SegmentReader.missing }
    let times = TimeBounds(timestamps)
    blocks.add(.timestamps) { IntegerCodec.append(timestamps, asSteps: true, to: &$0) }
    blocks.add(.shapes) { shapes.append(to: &$0) }
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
    if let requestIDs {
      blocks.add(.requestIDs) { requestIDs.append(to: &$0, ofMessages: messages.uuids) }
    }
    if !reports.events.isEmpty {
      reports.xrayTraceIDs = xrayTraceIDs.whole(count: reports.events.count)
      reports.xraySegmentIDs = xraySegmentIDs.whole(count: reports.events.count)
      blocks.add(.reports) { reports.append(to: &$0) }
    }
    let (columns, fields, listsAllFields) = fieldColumns(
      leafReader, objects, blocks: &blocks)
    return EncodedSegment(
      directory: SegmentDirectory(
        id: 0, firstPosition: 0, eventCount: eventCount, timestamps: times.bounds,
        hasMissingTimestamps: times.hasMissing, isOrderedByTime: times.isOrdered,
        hasEventIDs: hasEventIDs, hasFacts: !facts.isEmpty,
        textByteCount: byteCount, typeCounts: typeCounts, reportBounds: reports.bounds,
        listsAllFields: listsAllFields, hasDelimitedFields: hasDelimitedFields, fields: columns,
        timeCounts: times.bounds.flatMap { TimeCounts(timestamps, bounds: $0) },
        streamIDs: streams.values.sorted()),
      blocks: messages.blocks + blocks.blocks,
      uuidFilter: messages.uuidFilter,
      fields: fields, facts: facts)
  }

  private mutating func fieldColumns(
    _ leafReader: JSONLeafReader, _ objects: TemplateObjects?, blocks: inout BlockList
  ) -> (columns: [SegmentDirectory.Field], fields: [EncodedSegment.Field], listsAll: Bool) {
    var columns: [SegmentDirectory.Field] = []
    var fields: [EncodedSegment.Field] = []
    var objects = objects
    let templateFields = objects?.fields ?? [:]
    var places = BlockOutput()
    for name in fieldNames {
      let inTemplates = templateFields[name] ?? []
      let restCount = self.fields[Int(name)].eventCount
      fields.append(
        EncodedSegment.Field(
          name: leafReader.name(name),
          eventCount: inTemplates.reduce(restCount) {
            $0 + (objects?.eventCount(of: $1) ?? 0)
          }))
      guard columns.count < SegmentColumn.fieldLimit else { continue }
      var kind = FieldColumn.Kind.templates
      var bounds = FieldBounds()
      if inTemplates.isEmpty || restCount > 0 {
        let rest = self.fields[Int(name)].finish(count: objectCount)
        bounds = rest.bounds
        if inTemplates.isEmpty || rest.kind == .inMessages { kind = rest.kind }
        if kind != .inMessages {
          blocks.add(.field(columns.count)) { rest.column.append(to: &$0) }
        }
      }
      if kind == .templates {
        for field in inTemplates { objects?.extend(&bounds, by: field) }
        TemplateField.append(inTemplates, ofField: columns.count, to: &places)
      }
      columns.append(
        SegmentDirectory.Field(
          id: 0, kind: kind, bounds: bounds.numbers, hasText: bounds.hasText))
    }
    if !places.bytes.isEmpty { blocks.add(.messages(.fields)) { $0.append(places.bytes) } }
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
      blocks.append(
        EncodedSegment.Block(column: column, bytes: compressor.compress(output.bytes)))
    }
  }
}
