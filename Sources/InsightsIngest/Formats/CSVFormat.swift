internal import InsightsText

/// A log format whose events are the records of a CSV file with a header.
protocol CSVFormat: LogFormat {
  /// Where a header has the parts of an event; `nil` where it is none of this format.
  static func columns(of header: [String]) -> CSVColumns?

  var state: CSVState { get set }
}

/// Positions of columns in a CSV file.
struct CSVColumns {
  var message: Int
  var timestamp: Int?
  var ingestionTime: Int?
  /// The log group, also with its account before a colon.
  var group: Int?
  var stream: Int?
  var eventID: Int?
}

/// How far a CSV file has been read.
struct CSVState {
  var reader: CSVReader?
  var columns: CSVColumns?
  /// Whether the rest of a record too long to be kept is being left out.
  var isSkipping = false
}

extension CSVFormat {
  static func recognizes(_ head: UnsafeBufferPointer<UInt8>) -> Bool {
    header(of: head).flatMap { columns(of: $0.names) } != nil
  }

  /// The separator and the names in the first line that is not blank.
  private static func header(
    of text: UnsafeBufferPointer<UInt8>
  ) -> (reader: CSVReader, names: [String], end: Int)? {
    guard let start = text.firstIndex(where: { $0 > 0x20 }) else { return nil }
    let lineEnd = text.firstOffset(of: 0x0A, from: start) ?? text.count
    // JSON has quotes and commas as well.
    guard lineEnd - start < 8192, text[start] != UInt8(ascii: "{"), text[start] != UInt8(ascii: "[")
    else { return nil }
    let line = UnsafeBufferPointer(rebasing: text[start..<lineEnd])
    // Excel writes the separator of its language.
    let separator =
      [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09].first { line.contains($0) }
      ?? UInt8(ascii: ",")
    let reader = CSVReader(separator: separator)
    guard case .record(let fields, let end) = reader.record(in: text, at: start, isEnd: true) else {
      return nil
    }
    let names = fields.map { field in
      String(decoding: text[field.range], as: UTF8.self).filter { $0 != "\r" }
    }
    return (reader, names, end)
  }

  mutating func read(
    _ window: UnsafeBufferPointer<UInt8>, ending: WindowEnding, into batch: inout LogEventBatch
  ) -> Int {
    var index = 0
    if state.isSkipping {
      guard let lineEnd = window.firstOffset(of: 0x0A) else { return window.count }
      state.isSkipping = false
      index = lineEnd + 1
    }
    if state.reader == nil {
      if ending == .more, window.firstOffset(of: 0x0A) == nil, window.count < 8192 { return 0 }
      guard let header = Self.header(of: window), let columns = Self.columns(of: header.names)
      else {
        if !window.isEmpty {
          batch.remark(.lossy, at: 0, "the columns of a time and a message are missing")
        }
        return window.count
      }
      state.reader = header.reader
      state.columns = columns
      index = header.end
    }
    guard let reader = state.reader, let columns = state.columns else { return window.count }
    while index < window.count {
      if window[index] == 0x0A || window[index] == 0x0D {
        index += 1
        continue
      }
      switch reader.record(in: window, at: index, isEnd: ending == .end) {
      case .record(let fields, let end):
        append(fields, columns, of: window, at: index, to: &batch)
        index = end
      case .incomplete:
        if ending == .more {
          guard window.count - index > batch.limits.recordByteCount else { return index }
          batch.remark(
            .lossy, at: index, "a record of more than \(batch.limits.recordWords) is left out")
          state.isSkipping = true
          return window.count
        }
        batch.remark(.lossy, at: index, "the last record is cut short and left out")
        return window.count
      }
    }
    return window.count
  }

  private func append(
    _ fields: [CSVReader.Field], _ columns: CSVColumns, of window: UnsafeBufferPointer<UInt8>,
    at offset: Int, to batch: inout LogEventBatch
  ) {
    guard columns.message < fields.count else {
      batch.remark(.lossy, at: offset, "records with too few columns are left out")
      return
    }
    func bytes(_ column: Int?) -> UnsafeBufferPointer<UInt8>? {
      guard let column, column < fields.count, !fields[column].range.isEmpty else { return nil }
      return UnsafeBufferPointer(rebasing: window[fields[column].range])
    }
    var event = LogEventBatch.Event(message: 0..<0)
    if let text = bytes(columns.timestamp) {
      event.timestamp = time(text)
      if event.timestamp == nil {
        batch.remark(.lossy, at: offset, "times that a spreadsheet has changed are left out")
      }
    }
    event.ingestionTime = bytes(columns.ingestionTime).flatMap(time)
    let place = bytes(columns.group).map(LogGroupName.init)
    let stream = bytes(columns.stream)
    if place != nil || stream != nil {
      event.stream = batch.stream(account: place?.account, group: place?.group, name: stream)
    }
    if let id = bytes(columns.eventID) { event.eventID = batch.append(id) }
    let message = fields[columns.message]
    event.message =
      message.isQuoted
      ? batch.append(unquoting: message.range, of: window)
      : batch.append(UnsafeBufferPointer(rebasing: window[message.range]))
    batch.append(event)
  }

  /// A time as AWS writes it; what a spreadsheet has rounded or turned round is none.
  private func time(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
    guard let match = Timestamp.parseAny(text), match.end == text.count else { return nil }
    return match.milliseconds
  }
}
