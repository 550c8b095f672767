internal import InsightsText

/// A log format whose events are the records of a CSV file with a header.
protocol CSVFormat: LogFormat {
  /// Whether a header with these columns belongs to this format.
  static func recognizes(_ header: [String]) -> Bool

  var state: CSVState { get set }
}

/// The meaning of a CSV file's columns, by their names.
struct CSVColumns {
  private(set) var message: Int?
  private(set) var timestamp: Int?
  private(set) var ingestionTime: Int?
  private(set) var group: Int?
  private(set) var stream: Int?
  private(set) var eventID: Int?
  private(set) var account: Int?
  private(set) var attributes: [(name: StaticString, column: Int)] = []

  init(of header: [String]) {
    var ranks: [EventPart: UInt8] = [:]
    for (column, name) in header.enumerated() {
      var name = name
      if let attribute = name.withUTF8(EventNames.attribute) {
        attributes.append((attribute, column))
        continue
      }
      let meaning = name.withUTF8(EventNames.meaning)
      guard let meaning, meaning.rank < ranks[meaning.part] ?? .max else { continue }
      ranks[meaning.part] = meaning.rank
      switch meaning.part {
      case .time: timestamp = column
      case .message: message = column
      case .rawMessage, .line, .body: if ranks[.message] == nil { message = column }
      case .ingestionTime: ingestionTime = column
      case .log: group = column
      // The one with the account is more specific.
      case .group: if ranks[.log] == nil { group = column }
      case .stream: stream = column
      case .eventID: eventID = column
      case .account: account = column
      default: break
      }
    }
  }
}

/// The state of reading a CSV file.
struct CSVState {
  var reader: CSVReader?
  var columns: CSVColumns?
  /// Whether the rest of an oversized record is being dropped.
  var isSkipping = false
}

extension CSVFormat {
  static func recognizes(_ head: UnsafeBufferPointer<UInt8>) -> Bool {
    header(of: head).map { recognizes($0.names) } == true
  }

  /// Returns the separator and the names in the first line that is not blank.
  private static func header(
    of text: UnsafeBufferPointer<UInt8>
  ) -> (reader: CSVReader, names: [String], end: Int)? {
    guard var start = text.firstIndex(where: { $0 > 0x20 }) else { return nil }
    // The lines that PowerShell and Excel write before the header.
    if text.holds("#TYPE ", at: start) || text.holds("sep=", at: start) {
      guard let end = text.firstOffset(of: 0x0A, from: start) else { return nil }
      start = end + 1
    }
    let lineEnd = text.firstOffset(of: 0x0A, from: start) ?? text.count
    // JSON contains quotes and commas as well.
    guard lineEnd - start < 8192, text[start] != UInt8(ascii: "{"), text[start] != UInt8(ascii: "[")
    else { return nil }
    let line = UnsafeBufferPointer(rebasing: text[start..<lineEnd])
    // Excel uses the list separator of its language.
    let separator =
      [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09].first { line.contains($0) }
      ?? UInt8(ascii: ",")
    let reader = CSVReader(separator: separator)
    guard case .record(let fields, let end) = reader.record(in: text, at: start, isEnd: true) else {
      return nil
    }
    let names = fields.map { String(decoding: text[$0.range], as: UTF8.self) }
    // A header consists of names only, unlike a log line that contains one of them.
    return names.allSatisfy(isName) ? (reader, names, end) : nil
  }

  /// Whether a text may be the name of a column.
  private static func isName(_ text: String) -> Bool {
    let isShort = (1...64).contains(text.utf8.count)
    return isShort && text.utf8.first.map { $0 &- 48 >= 10 } == true
      && text.utf8.allSatisfy { byte in
        byte &- 48 < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte >= 0x80
          || " _-.@/()#".utf8.contains(byte)
      }
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
      guard let header = Self.header(of: window), Self.recognizes(header.names),
        case let columns = CSVColumns(of: header.names), columns.message != nil
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
    guard let messageColumn = columns.message, messageColumn < fields.count else {
      batch.remark(.lossy, at: offset, "records with too few columns are left out")
      return
    }
    func bytes(_ column: Int?) -> UnsafeBufferPointer<UInt8>? {
      guard let column, column < fields.count, !fields[column].range.isEmpty else { return nil }
      return UnsafeBufferPointer(rebasing: window[fields[column].range])
    }
    var event = LogEventBatch.Event(message: 0..<0)
    if let text = bytes(columns.timestamp) {
      event.timestamp = JSONRecord.timestamp(of: text)
      if event.timestamp == nil {
        batch.remark(.lossy, at: offset, "times that a spreadsheet has changed are left out")
      }
    }
    event.ingestionTime = bytes(columns.ingestionTime).flatMap(JSONRecord.timestamp)
    let place = bytes(columns.group).map(LogGroupName.init)
    let stream = bytes(columns.stream)
    let account = bytes(columns.account) ?? place?.account
    let attributes = attributes(columns, of: window, fields)
    if place != nil || stream != nil || account != nil || !attributes.isEmpty {
      event.stream = batch.stream(
        account: account, group: place?.group, name: stream, attributes: attributes)
    }
    if let id = bytes(columns.eventID) { event.eventID = batch.append(id) }
    let message = fields[messageColumn]
    event.message =
      message.isQuoted
      ? batch.append(unquoting: message.range, of: window)
      : batch.append(UnsafeBufferPointer(rebasing: window[message.range]))
    batch.append(event)
  }

  private func attributes(
    _ columns: CSVColumns, of window: UnsafeBufferPointer<UInt8>, _ fields: [CSVReader.Field]
  ) -> [LogEventBatch.Attribute] {
    columns.attributes.compactMap { name, column in
      guard column < fields.count, !fields[column].range.isEmpty else { return nil }
      return (name, UnsafeBufferPointer(rebasing: window[fields[column].range]))
    }
  }
}
