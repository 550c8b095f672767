internal import InsightsSegments
internal import InsightsIngest
internal import InsightsStore
internal import InsightsText

/// Encodes rows of the table `events` in the format RowBinary.
///
/// Not thread-safe.
final class EventRowEncoder {
  /// The values of a row that are not derived from the event itself.
  struct Place {
    var position: Int64
    var source: UInt64
    var number: UInt32
    var chain: UInt64
  }

  private(set) var rows = RowBinaryWriter()
  private(set) var rowCount = 0
  private let reader = StoredEventReader()
  private let ingest: UInt64
  /// The encoded names of fields, by their number; empty until used.
  private var fieldNames: [[UInt8]] = []
  /// The last row in which each field occurred.
  private var lastRows: [Int] = []
  private var rowNumber = 0
  private var fields = RowBinaryWriter()
  private var fieldCount = 0
  private var text: [UInt8] = []

  /// Makes an encoder for the rows of a run.
  init(ingest: UInt64) {
    self.ingest = ingest
  }

  /// Removes the rows after they have been sent.
  func removeAll() {
    rows.removeAll()
    rowCount = 0
  }

  /// Appends the row of an event whose texts are in `bytes`.
  func append(
    _ event: SegmentEvents.Event, _ bytes: UnsafeBufferPointer<UInt8>, _ key: StreamKey,
    _ place: Place
  ) {
    let message = UnsafeBufferPointer(rebasing: bytes[event.message])
    let columns = reader.columns(of: message, isLambda: event.isLambda)
    func part(_ range: Range<Int>?) -> UnsafeBufferPointer<UInt8> {
      UnsafeBufferPointer(rebasing: message[(range ?? 0..<0).clamped(to: 0..<message.count)])
    }
    rows.append(key.account)
    rows.append(key.logGroup)
    rows.append(key.logStream)
    rows.append(key.attributes)
    rows.append(event.timestamp ?? ClickHouseSchema.missingTime)
    rows.append(UnsafeBufferPointer(rebasing: bytes[event.eventID ?? 0..<0]))
    rows.append(place.position)
    rows.append(event.ingestionTime ?? ClickHouseSchema.missingTime)
    switch columns.type {
    case .start: rows.append("START")
    case .end: rows.append("END")
    case .report: rows.append("REPORT")
    case nil: rows.append("")
    }
    rows.append(part(columns.requestID))
    let report = columns.type == .report ? columns.report : EventColumns.Report()
    rows.append(optional: report.duration)
    rows.append(optional: report.billedDuration)
    rows.append(optional: report.memorySize)
    rows.append(optional: report.maxMemoryUsed)
    rows.append(optional: report.initDuration)
    rows.append(part(report.xrayTraceID))
    rows.append(part(report.xraySegmentID))
    rows.append(UInt8(event.isFact || columns.isFact ? 1 : 0))
    rows.append(ingest)
    rows.append(place.source)
    rows.append(place.number)
    rows.append(place.chain)
    rows.append(message)
    appendFields(of: message, hasObject: columns.jsonOffset != nil)
    rowCount += 1
  }

  // MARK: Fields

  private func appendFields(of message: UnsafeBufferPointer<UInt8>, hasObject: Bool) {
    fields.removeAll()
    fieldCount = 0
    rowNumber += 1
    if hasObject {
      for leaf in reader.leaves.leaves where leaf.name > 0 {
        appendField(
          leaf, UnsafeBufferPointer(rebasing: message[Int(leaf.start)..<Int(leaf.end)]))
      }
    } else {
      DelimitedFields.forEachValue(in: message) { name, value in
        fields.append(name)
        appendValue(
          value.isNumber ? .number : .string,
          UnsafeBufferPointer(rebasing: message[value.range]), isEscaped: false)
      }
    }
    rows.append(count: fieldCount)
    rows.append(encoded: fields.bytes)
  }

  private func appendField(
    _ leaf: JSONLeafReader.Leaf, _ bytes: UnsafeBufferPointer<UInt8>
  ) {
    let number = Int(leaf.name)
    while fieldNames.count <= number {
      fieldNames.append([])
      lastRows.append(0)
    }
    // Of several values the first counts.
    guard lastRows[number] != rowNumber else { return }
    lastRows[number] = rowNumber
    if fieldNames[number].isEmpty {
      var name = RowBinaryWriter()
      reader.leaves.name(leaf.name).withUnsafeBufferPointer { name.append($0) }
      fieldNames[number] = name.bytes
    }
    fields.append(encoded: fieldNames[number])
    appendValue(leaf.kind, bytes, isEscaped: true)
  }

  /// Appends a field's value after its name: a letter for its kind, and its text.
  private func appendValue(
    _ kind: JSONScanner.Value.Kind, _ bytes: UnsafeBufferPointer<UInt8>, isEscaped: Bool
  ) {
    text.removeAll(keepingCapacity: true)
    switch kind {
    case .true: text += "n1".utf8
    case .false: text += "n0".utf8
    case .number: ClickHouseValue.append(numberWritten: bytes, to: &text)
    case .string, .null, .object, .array:
      text.append(UInt8(ascii: "t"))
      if isEscaped, bytes.firstOffset(of: UInt8(ascii: "\\")) != nil {
        JSONScanner.appendUnescaped(0..<bytes.count, of: bytes, to: &text)
      } else {
        text.append(contentsOf: bytes)
      }
    }
    text.withUnsafeBufferPointer { fields.append($0) }
    fieldCount += 1
  }
}

extension RowBinaryWriter {
  mutating func append(optional integer: Int64?) {
    guard let integer else { return appendNull() }
    appendPresent()
    append(integer)
  }

  /// Appends an optional number; NaN is missing.
  mutating func append(optional real: Double?) {
    guard let real, !real.isNaN else { return appendNull() }
    appendPresent()
    append(real)
  }

  mutating func append(optional text: String?) {
    guard let text else { return appendNull() }
    appendPresent()
    append(text)
  }
}
