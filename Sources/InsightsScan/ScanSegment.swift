internal import InsightsSegments
internal import InsightsModel
internal import InsightsText

/// The columns of one segment as vectors of cells, decoded on first use.
///
/// It owns the memory that its cells refer to. One thread at a time; others may read its cells
/// afterwards.
package final class ScanSegment {
  let directory: SegmentDirectory
  /// Texts that are not stored in a column.
  let arena = TextArena()
  private let reader: SegmentReader
  private let streamNames: StreamNames
  private let selectsValues: Bool
  private var vectors: [FieldSource: CellVector] = [:]
  /// Set if several scans read the segment.
  var sharedValues: SharedValues?
  private var text: SegmentText?
  private var reports: ReportColumns??
  /// Whether `reports` has all columns.
  private var hasAllReportColumns = false
  private var uuidFilter: UUIDFilter??
  private var captures: [CaptureKey: (vector: CellVector, isOpen: [Bool]?)] = [:]
  /// Columns to whose bytes cells refer; they are kept unchanged, so that the bytes do not move.
  private var owners: [[UInt8]] = []

  var eventCount: Int { directory.eventCount }

  /// `selectsValues`: if few events are selected, only their values are decoded.
  init(reader: SegmentReader, streamNames: StreamNames, selectsValues: Bool = true) {
    directory = reader.directory
    self.selectsValues = selectsValues
    self.reader = reader
    self.streamNames = streamNames
  }

  /// Returns the values of a field for the selected events.
  func vector(_ source: FieldSource, for selection: Selection) throws(StoreError) -> CellVector {
    switch source {
    case .system(.message): return .cells(try messages(of: selection))
    case .discovered(let name, let id):
      if directory.isInMessages(name, id: id) {
        return .cells(try fieldsOfMessages(named: name, for: selection))
      }
    default: break
    }
    if let vector = vectors[source] { return vector.gathered(by: selection) }
    // For a few events, the whole column is not built.
    if let rows = selection.rows, rows.count < eventCount / 2,
      let vector = try vector(source, of: rows)
    {
      return vector
    }
    let vector = try column(source)
    vectors[source] = vector
    return vector.gathered(by: selection)
  }

  // MARK: Messages

  /// Whether any message has been read.
  private(set) var hasReadMessages = false

  /// Whether some message may contain the UUIDs with these hashes.
  func mayContainUUIDs(_ hashes: [UInt64]) throws(StoreError) -> Bool {
    if hashes.isEmpty { return true }
    if uuidFilter == nil { uuidFilter = .some(try reader.uuidFilter()) }
    guard let filter = uuidFilter ?? nil else { return false }
    return hashes.allSatisfy { filter.mayContain($0) }
  }

  /// Returns the filter over the messages; `nil` for templates, and for messages without anything
  /// to filter by.
  func filter() throws(StoreError) -> TokenFilter? { try reader.filter() }

  /// Marks the events whose message contains a literal, by their templates.
  ///
  /// Returns false if the messages are plain text, or have already been decoded.
  func mark(_ literal: TemplateLiteral, in isHit: inout [Bool]) throws(StoreError) -> Bool {
    guard text == nil, let templates = try reader.templates() else { return false }
    if try templates.mark(literal, in: &isHit) { hasReadMessages = true }
    return true
  }

  /// Returns the number of events with a message that contains one of the literals; `nil` if the
  /// messages are stored as plain text.
  func count(_ literals: [TemplateLiteral]) throws(StoreError) -> Int? {
    if literals.isEmpty { return 0 }
    guard let templates = try reader.templates() else { return nil }
    let (count, hasReadMessages) = try templates.count(literals)
    if hasReadMessages { self.hasReadMessages = true }
    return count
  }

  private struct CaptureKey: Hashable {
    var glob: GlobPattern
    var number: Int
    var asNumbers: Bool
  }

  /// Returns the positions of a glob's captures in the messages; `nil` if these are stored as plain
  /// text.
  func captures(of glob: GlobPattern) throws(StoreError) -> TemplateCaptures? {
    try reader.templates()?.captures(of: glob)
  }

  /// Returns the values of a glob's capture, and which events' values must be read from the
  /// messages instead; `nil` if there are none, or if messages are stored as plain text.
  ///
  /// Captures are numbered from 0. `asNumbers`: a text that is a number is returned as that number.
  func values(
    ofCapture number: Int, of glob: GlobPattern, asNumbers: Bool
  ) throws(StoreError) -> (vector: CellVector, isOpen: [Bool]?) {
    let key = CaptureKey(glob: glob, number: number, asNumbers: asNumbers)
    if let known = captures[key] { return known }
    guard let templates = try reader.templates() else { return (.constant(.null), nil) }
    let (column, isOpen) = try templates.values(
      ofCapture: number, of: try templates.captures(of: glob), asNumbers: asNumbers)
    let values = (field(column), isOpen)
    captures[key] = values
    return values
  }

  /// Returns the sizes in bytes of the messages of the selected events, without decoding the
  /// messages.
  func messageByteCounts(of selection: Selection) throws(StoreError) -> CellVector {
    let events = selection.rows ?? Array(0..<UInt16(truncatingIfNeeded: eventCount))
    return .cells(try reader.messageByteCounts(of: events).map { Cell(Int64($0)) })
  }

  /// Returns all messages; the bytes are valid as long as the segment.
  func messages() throws(StoreError) -> SegmentText {
    if let text { return text }
    hasReadMessages = true
    let text = try reader.messages()
    self.text = text
    return text
  }

  private func messages(of selection: Selection) throws(StoreError) -> [Cell] {
    hasReadMessages = true
    if text == nil, let rows = selection.rows, rows.count * 2 < eventCount {
      let text = try reader.messages(of: rows)
      let bytes = keep(text.bytes)
      return rows.indices.map { Cell(UnsafeBufferPointer(rebasing: bytes[text.range(of: $0)])) }
    }
    let text = try messages()
    let bytes = Self.stableBytes(of: text.bytes)
    var cells: [Cell] = []
    cells.reserveCapacity(selection.count)
    for index in 0..<selection.count {
      cells.append(
        Cell(UnsafeBufferPointer(rebasing: bytes[text.range(of: selection.row(index))])))
    }
    return cells
  }

  /// Returns the bytes of an array whose storage does not move: the array must outlive their use,
  /// and must not be changed.
  static func stableBytes(of array: [UInt8]) -> UnsafeBufferPointer<UInt8> {
    array.withUnsafeBufferPointer { $0 }
  }

  // MARK: Columns

  /// Returns the values of some events, ascending; `nil` if decoding the whole column costs no
  /// more.
  private func vector(_ source: FieldSource, of rows: [UInt16]) throws(StoreError) -> CellVector? {
    switch source {
    case .system(.timestamp):
      let times = try reader.timestamps()
      return .cells(
        rows.map { row in
          let time = times[Int(row)]
          return time == SegmentReader.missing ? .null : Cell(time)
        })
    case .discovered(_, let id?):
      guard selectsValues, let index = directory.index(ofField: id) else { return nil }
      return try reader.numbers(ofField: index, of: rows).map { field($0) }
    default: break
    }
    guard let number = source.reportColumn else { return nil }
    guard let reports = try reportColumns(onlyDuration: number == .duration) else {
      return .constant(.null)
    }
    // Only REPORT lines are selected.
    if rows == reports.events {
      return .cells(rows.indices.map { reports.cell(number, at: $0) })
    }
    var next = 0
    return .cells(
      rows.map { row in
        while next < reports.events.count, reports.events[next] < row { next += 1 }
        guard next < reports.events.count, reports.events[next] == row else { return .null }
        return reports.cell(number, at: next)
      })
  }

  /// Returns the request ids in their stored form; without `hasIndexes` the events' indexes are
  /// omitted.
  func requestIDColumn(hasIndexes: Bool = true) throws(StoreError) -> RequestIDColumn? {
    try reader.requestIDs(hasIndexes: hasIndexes)
  }

  /// Returns the events of the type REPORT, ascending.
  func reportEvents() throws(StoreError) -> [UInt16] {
    try reportColumns(onlyDuration: true)?.events ?? []
  }

  private func reportColumns(onlyDuration: Bool = false) throws(StoreError) -> ReportColumns? {
    if let reports, onlyDuration || hasAllReportColumns { return reports }
    let read = try reader.reports(onlyDuration: onlyDuration)
    reports = .some(read)
    hasAllReportColumns = !onlyDuration
    return read
  }

  private func column(_ source: FieldSource) throws(StoreError) -> CellVector {
    switch source {
    case .system(.timestamp): return Self.integers(try reader.timestamps())
    case .system(.ingestionTime): return Self.integers(try reader.ingestionTimes())
    case .system(.type): return types(try reader.types())
    case .system(.requestID): return requestIDs(try reader.requestIDs())
    case .system(.eventID): return eventIDs(try reader.eventIDs())
    case .system(.position):
      return .cells(directory.positions.map { Cell($0) })
    case .system(.pointer): return try pointers()
    case .system(.logStream), .system(.logGroup), .system(.log), .attribute:
      let streams = try reader.streams()
      let names = try streamNames.cells(source, ofStreams: streams.values, in: arena)
      return streams.indexes.isEmpty
        ? .constant(names[0]) : .dictionary(codes: streams.indexes, values: names)
    case .system(.duration), .system(.initDuration), .system(.billedDuration), .system(.memorySize),
      .system(.maxMemoryUsed):
      guard let number = source.reportColumn else { return .constant(.null) }
      return try report(onlyDuration: number == .duration) { reports in
        reports.events.indices.map { reports.cell(number, at: $0) }
      }
    case .system(.xrayTraceID):
      return try report { self.cells($0.xrayTraceIDs, count: $0.events.count) }
    case .system(.xraySegmentID):
      return try report { self.cells($0.xraySegmentIDs, count: $0.events.count) }
    case .discovered(_, let id):
      guard let id, let index = directory.index(ofField: id) else { return .constant(.null) }
      return field(try reader.field(at: index))
    case .system(.message): return .constant(.null)
    }
  }

  private func pointers() throws(StoreError) -> CellVector {
    let times = try reader.timestamps()
    var bytes: [UInt8] = []
    for event in 0..<eventCount {
      let time = times[event]
      EventPointer(
        position: directory.position(of: event),
        timestamp: time == SegmentReader.missing ? nil : time
      ).append(to: &bytes)
    }
    let text = keep(bytes)
    let length = bytes.count / max(eventCount, 1)
    return .cells(
      (0..<eventCount).map { event in
        Cell(UnsafeBufferPointer(rebasing: text[event * length..<(event + 1) * length]))
      })
  }

  private static func cells(_ values: [Int64]) -> [Cell] {
    values.map { $0 == SegmentReader.missing ? .null : Cell($0) }
  }

  private static func reals(_ values: [Double]) -> [Cell] { values.map { Cell($0) } }

  private static func integers(_ values: [Int64]?) -> CellVector {
    values.map { .cells(cells($0)) } ?? .constant(.null)
  }

  /// The names of types, in the order of the directory's `typeCounts`.
  static let typeNames: [Cell] = (["START", "END", "REPORT"] as [StaticString]).map {
    Cell(UnsafeBufferPointer(start: $0.utf8Start, count: $0.utf8CodeUnitCount))
  }

  private func types(_ column: (indexes: [UInt16], types: [UInt8])?) -> CellVector {
    guard let column else { return .constant(.null) }
    let names = [.null] + Self.typeNames
    return .dictionary(codes: column.indexes, values: column.types.map { names[Int($0)] })
  }

  private func requestIDs(_ column: RequestIDColumn?) -> CellVector {
    guard let column else { return .constant(.null) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(column.entryCount * 36)
    var ends: [Int] = []
    for entry in 0..<column.entryCount {
      column.append(entry, to: &bytes)
      ends.append(bytes.count)
    }
    let text = keep(bytes)
    var start = 0
    let values = ends.map { end in
      defer { start = end }
      return Cell(UnsafeBufferPointer(rebasing: text[start..<end]))
    }
    return Self.dictionary(column.indexes, values)
  }

  /// Returns a dictionary vector, with NULL for `SegmentReader.noIndex`.
  private static func dictionary(_ indexes: [UInt16], _ values: [Cell]) -> CellVector {
    let none = UInt16(truncatingIfNeeded: values.count)
    return .dictionary(
      codes: indexes.map { $0 == SegmentReader.noIndex ? none : $0 }, values: values + [.null])
  }

  private func eventIDs(_ texts: OptionalTexts?) -> CellVector {
    texts.map { .cells(cells($0, count: eventCount)) } ?? .constant(.null)
  }

  private func cells(_ column: OptionalTexts?, count: Int) -> [Cell] {
    guard let column else { return Array(repeating: .null, count: count) }
    let bytes = keep(column.texts.bytes)
    return (0..<count).map { index in
      guard column.isPresent[index] else { return .null }
      return Cell(UnsafeBufferPointer(rebasing: bytes[column.texts.range(of: index)]))
    }
  }

  /// Keeps an array that cells refer to.
  private func keep(_ bytes: [UInt8]) -> UnsafeBufferPointer<UInt8> {
    owners.append(bytes)
    return Self.stableBytes(of: bytes)
  }

  /// Expands a column of the REPORT lines to all events.
  private func report(
    onlyDuration: Bool = false, _ column: (ReportColumns) -> [Cell]
  ) throws(StoreError) -> CellVector {
    guard let reports = try reportColumns(onlyDuration: onlyDuration) else {
      return .constant(.null)
    }
    var cells = [Cell](repeating: .null, count: eventCount)
    for (event, cell) in zip(reports.events, column(reports)) { cells[Int(event)] = cell }
    return .cells(cells)
  }

  // MARK: Discovered fields

  private func field(_ column: FieldColumn) -> CellVector {
    switch column {
    case .integers(let values): return Self.integers(values)
    case .reals(let values): return .cells(Self.reals(values))
    case .dictionary(let values, let texts, let indexes):
      let bytes = keep(texts.bytes)
      let cells = values.map { value in
        switch value {
        case .integer(let integer): Cell(integer)
        case .real(let real): Cell(real)
        case .text(let index): Cell(UnsafeBufferPointer(rebasing: bytes[texts.range(of: index)]))
        }
      }
      return Self.dictionary(indexes, cells)
    case .inMessages: return .constant(.null)
    }
  }

  /// Extracts a field from the messages, like `ql_field`.
  private func fieldsOfMessages(
    named name: String, for selection: Selection
  ) throws(StoreError) -> [Cell] {
    var cells = [Cell](repeating: .null, count: selection.count)
    let offsets = try reader.jsonOffsets()
    func offset(of event: Int) -> Int64 { offsets?[event] ?? SegmentReader.missing }
    let mayBeDelimited = directory.mayBeDelimited(name)
    let kept = selection.filtered {
      mayBeDelimited || offset(of: selection.row($0)) != SegmentReader.missing
    }
    let messages = try messages(of: kept)
    let path = Array(name.utf8)
    var next = 0
    for index in 0..<selection.count {
      let offset = offset(of: selection.row(index))
      guard mayBeDelimited || offset != SegmentReader.missing else { continue }
      let message = messages[next].text
      cells[index] = path.withUnsafeBufferPointer {
        offset == SegmentReader.missing
          ? delimitedField($0, of: message)
          : jsonField($0, of: message, at: Int(truncatingIfNeeded: offset))
      }
      next += 1
    }
    return cells
  }

  private func delimitedField(
    _ name: UnsafeBufferPointer<UInt8>, of line: UnsafeBufferPointer<UInt8>
  ) -> Cell {
    guard let value = DelimitedFields.value(of: name, in: line) else { return .null }
    let text = UnsafeBufferPointer(rebasing: line[value.range])
    return value.isNumber ? Cell(numberWritten: text) : Cell(text)
  }

  private func jsonField(
    _ path: UnsafeBufferPointer<UInt8>, of message: UnsafeBufferPointer<UInt8>, at offset: Int
  ) -> Cell {
    guard offset >= 0, offset < message.count,
      let value = JSONScanner.field(path, in: message, objectAt: offset)
    else { return .null }
    let text = UnsafeBufferPointer(rebasing: message[value.range])
    switch value.kind {
    case .string:
      guard text.firstOffset(of: UInt8(ascii: "\\")) != nil else { return Cell(text) }
      var unescaped: [UInt8] = []
      JSONScanner.appendUnescaped(value.range, of: message, to: &unescaped)
      return arena.cell(copying: unescaped)
    case .number: return Cell(numberWritten: text)
    case .true: return Cell(true)
    case .false: return Cell(false)
    case .null, .object, .array: return .null
    }
  }
}
