internal import InsightsText

/// The properties of a segment that are available without decoding its blocks: a row of `segments`.
package struct SegmentDirectory: Sendable {
  /// A discovered field that occurs in the segment.
  package struct Field: Sendable {
    /// `fields.id`.
    package var id: Int64
    var kind: FieldColumn.Kind
    /// Bounds of the values that are numbers, including numeric text.
    ///
    /// `nil`: there are no numbers. Infinite if they are unknown.
    package var bounds: ClosedRange<Double>?
    /// Whether some value may be non-numeric text.
    package var hasText: Bool
  }

  package var id: Int64
  /// The position of the first event in input order; positions of the others are consecutive,
  /// except for `gaps`.
  ///
  /// Sort segments by it, not by `id`: the segments of an input whose newest events come first are
  /// written in the reverse order of their positions.
  package var firstPosition: Int64
  /// 1 to 8,192.
  package var eventCount: Int
  /// The gaps in the positions, where events were removed.
  var gaps = PositionGaps()
  /// The bounds of the times; `nil` if no event has a time.
  package var timestamps: ClosedRange<Int64>?
  /// Whether some event has no time.
  package var hasMissingTimestamps: Bool
  /// Whether no time is missing and the times never decrease.
  package var isOrderedByTime: Bool
  package var hasEventIDs: Bool
  package var hasFacts: Bool
  /// The total size of the messages in bytes.
  package var textByteCount: Int
  /// The number of lines of each type: START, END, REPORT.
  package var typeCounts: [Int]
  /// The bounds of the numbers in REPORT lines, by `ReportColumns.Number`; `nil` for a number that
  /// no line has.
  package var reportBounds: [ClosedRange<Double>?]
  /// Whether `fields` lists every field that occurs.
  ///
  /// If not, unlisted fields must be searched in the messages.
  package var listsAllFields: Bool
  /// Whether some line has a fixed layout, so that its fields are not in columns; see
  /// `DelimitedFields`.
  var hasDelimitedFields: Bool
  /// The fields with a column; the block of `fields[i]` is `SegmentColumn.field(i)`.
  package var fields: [Field]
  /// The number of events by time; `nil` if there are too many periods.
  package var timeCounts: TimeCounts?
  /// The ids of the events' streams, `log_streams.id`, ascending; `nil` if there are many.
  package var streamIDs: [Int64]?

  /// The maximum number of events per segment.
  package static let eventLimit = 8192
  static let typeCount = 3

  /// Whether any line has a type.
  package var hasTypes: Bool { typeCounts.contains { $0 > 0 } }

  /// Whether a field may be one of lines with a fixed layout.
  package func mayBeDelimited(_ name: String) -> Bool {
    hasDelimitedFields && DelimitedFields.names.contains(name)
  }

  /// Whether the values of a field must be read from the messages.
  package func isInMessages(_ name: String, id: Int64?) -> Bool {
    if mayBeDelimited(name) { return true }
    guard let index = id.flatMap({ index(ofField: $0) }) else { return !listsAllFields }
    return fields[index].kind == .inMessages
  }

  /// Returns the index in `fields` of the field with an id.
  package func index(ofField id: Int64) -> Int? {
    fields.firstIndex { $0.id == id }
  }
}

extension SegmentDirectory {
  private static let missingTimestampsFlag: UInt8 = 1
  private static let orderedByTimeFlag: UInt8 = 2
  private static let eventIDsFlag: UInt8 = 4
  private static let factsFlag: UInt8 = 8
  private static let listsAllFieldsFlag: UInt8 = 16
  private static let delimitedFieldsFlag: UInt8 = 32
  private static let typesFlag: UInt8 = 64
  private static let gapsFlag: UInt8 = 128
  private static let streamLimit = 64

  /// The content of the column `directory` of the table.
  package var encoded: [UInt8] {
    var output = BlockOutput()
    let flags: [(Bool, UInt8)] = [
      (hasMissingTimestamps, Self.missingTimestampsFlag),
      (isOrderedByTime, Self.orderedByTimeFlag), (hasEventIDs, Self.eventIDsFlag),
      (hasFacts, Self.factsFlag), (listsAllFields, Self.listsAllFieldsFlag),
      (hasDelimitedFields, Self.delimitedFieldsFlag), (hasTypes, Self.typesFlag),
      (!gaps.isEmpty, Self.gapsFlag),
    ]
    output.append(flags.reduce(UInt8(0)) { $1.0 ? $0 | $1.1 : $0 })
    if hasTypes { for count in typeCounts { output.append(count: count) } }
    for bounds in reportBounds { output.append(bounds) }
    let streamIDs = streamIDs.flatMap { $0.count <= Self.streamLimit ? $0 : nil } ?? []
    output.append(count: streamIDs.count)
    for id in streamIDs { output.append(integer: id) }
    TimeCounts.append(timeCounts, to: &output)
    output.append(count: fields.count)
    for field in fields {
      output.append(integer: field.id)
      output.append(field.kind.rawValue)
      output.append(field.hasText ? 1 : 0)
      output.append(field.bounds)
    }
    if !gaps.isEmpty { gaps.append(to: &output) }
    return output.bytes
  }

  /// Decodes a directory from the columns of its row; `nil` for invalid data.
  package init?(
    id: Int64, firstPosition: Int64, eventCount: Int64, timestamps: ClosedRange<Int64>?,
    textByteCount: Int64, encoded: [UInt8]
  ) {
    var input = BlockInput(encoded)
    guard eventCount > 0, eventCount <= Int64(Self.eventLimit), textByteCount >= 0,
      firstPosition <= Int64.max - eventCount, let flags = input.byte()
    else { return nil }
    self.id = id
    self.firstPosition = firstPosition
    self.eventCount = Int(eventCount)
    self.timestamps = timestamps
    self.textByteCount = Int(textByteCount)
    hasMissingTimestamps = flags & Self.missingTimestampsFlag != 0
    isOrderedByTime = flags & Self.orderedByTimeFlag != 0
    hasEventIDs = flags & Self.eventIDsFlag != 0
    hasFacts = flags & Self.factsFlag != 0
    listsAllFields = flags & Self.listsAllFieldsFlag != 0
    hasDelimitedFields = flags & Self.delimitedFieldsFlag != 0
    typeCounts = Array(repeating: 0, count: Self.typeCount)
    if flags & Self.typesFlag != 0 {
      var rest = self.eventCount
      for type in typeCounts.indices {
        guard let count = input.count(limit: rest) else { return nil }
        typeCounts[type] = count
        rest -= count
      }
    }
    reportBounds = []
    for _ in ReportColumns.Number.allCases {
      guard let bounds = input.bounds() else { return nil }
      reportBounds.append(bounds)
    }
    guard let streamCount = input.count(limit: Self.streamLimit),
      let streams = input.integers(Int64.self, count: streamCount),
      let timeCounts = TimeCounts.times(
        from: &input, bounds: timestamps, eventCount: Int(eventCount)),
      let fieldCount = input.count(limit: SegmentColumn.fieldLimit)
    else { return nil }
    streamIDs = streams.isEmpty ? nil : streams
    self.timeCounts = timeCounts
    fields = []
    fields.reserveCapacity(fieldCount)
    for _ in 0..<fieldCount {
      guard let field = Field(from: &input) else { return nil }
      fields.append(field)
    }
    if flags & Self.gapsFlag != 0 {
      guard let gaps = PositionGaps(from: &input, eventCount: self.eventCount),
        firstPosition <= Int64.max - eventCount - gaps.total
      else { return nil }
      self.gaps = gaps
    }
  }
}

extension SegmentDirectory.Field {
  fileprivate init?(from input: inout BlockInput) {
    guard let id = input.integer(Int64.self),
      let kind = input.byte().flatMap(FieldColumn.Kind.init), let hasText = input.byte(),
      let bounds = input.bounds()
    else { return nil }
    self.id = id
    self.kind = kind
    self.hasText = hasText != 0
    self.bounds = bounds
  }
}

extension BlockOutput {
  /// Appends optional bounds.
  fileprivate mutating func append(_ bounds: ClosedRange<Double>?) {
    append(bounds == nil ? 0 : 1)
    guard let bounds else { return }
    append(integer: bounds.lowerBound.bitPattern)
    append(integer: bounds.upperBound.bitPattern)
  }
}

extension BlockInput {
  /// Reads optional bounds; `nil` for invalid data.
  fileprivate mutating func bounds() -> ClosedRange<Double>?? {
    guard let isPresent = byte() else { return nil }
    if isPresent == 0 { return .some(nil) }
    guard let minimum = integer(UInt64.self).map(Double.init(bitPattern:)),
      let maximum = integer(UInt64.self).map(Double.init(bitPattern:)), minimum <= maximum
    else { return nil }
    return .some(minimum...maximum)
  }
}
