internal import InsightsIngest
internal import InsightsModel
internal import InsightsOutput
internal import InsightsText

/// The contents of inputs, with one row or object for each input.
struct InspectionListing {
  private let facts: [InputFacts]

  init(_ facts: [InputFacts]) {
    self.facts = facts
  }

  /// Writes the listing to standard output.
  func write(as format: SummaryFormat, color: ColorChoice) throws {
    var buffer = OutputBuffer(fileDescriptor: 1)
    switch format {
    case .json: appendJSON(to: &buffer)
    case .table:
      let terminal = Terminal(fileDescriptor: 1, color: color)
      try OutputFormatRegistry.formatter(named: format.rawValue, for: terminal)?
        .write(table, to: &buffer)
    }
    try buffer.flush()
  }

  private var table: ResultTable {
    let columns: [(name: String, type: ValueType)] = [
      ("file", .text), ("format", .text), ("log_groups", .text), ("log_streams", .number),
      ("start", .timestamp), ("end", .timestamp), ("events", .number), ("without_time", .number),
      ("without_group", .number), ("bytes", .number), ("lost", .text), ("repaired", .text),
    ]
    func value(_ texts: [String]) -> Value {
      texts.isEmpty ? .null : .text(texts.joined(separator: ", "))
    }
    return ResultTable(
      columns: columns.map { ResultColumn(name: $0.name, type: $0.type) },
      rows: facts.map { facts in
        [
          .text(SystemPath.shown(facts.path)), facts.logFormat.map { .text($0) } ?? .null,
          value(facts.logGroups),
          .integer(Int64(facts.logStreamCount)), facts.first.map { .integer($0) } ?? .null,
          facts.last.map { .integer($0) } ?? .null, .integer(Int64(facts.events)),
          .integer(Int64(facts.eventsWithoutTime)), .integer(Int64(facts.eventsWithoutGroup)),
          .integer(Int64(facts.bytes)), value(facts.lost), value(facts.repaired),
        ]
      })
  }

  private func appendJSON(to buffer: inout OutputBuffer) {
    var json = JSONDocument()
    json.array(facts) { facts, json in
      json.object { json in
        json.member("file") { $0.value(SystemPath.shown(facts.path)) }
        json.member("format") { $0.value(facts.logFormat) }
        json.member("log_groups") { $0.texts(facts.logGroups) }
        json.member("log_streams") { $0.value(Int64(facts.logStreamCount)) }
        json.member("start") { $0.time(facts.first) }
        json.member("end") { $0.time(facts.last) }
        json.member("events") { $0.value(Int64(facts.events)) }
        json.member("without_time") { $0.value(Int64(facts.eventsWithoutTime)) }
        json.member("without_group") { $0.value(Int64(facts.eventsWithoutGroup)) }
        json.member("bytes") { $0.value(Int64(facts.bytes)) }
        json.member("lost") { $0.texts(facts.lost) }
        json.member("repaired") { $0.texts(facts.repaired) }
      }
    }
    buffer.append(json.text)
  }
}

extension InputFacts {
  /// The parts of the input that would be lost, or the reason why it cannot be read.
  fileprivate var lost: [String] { messages { $0.kind != .repaired } }

  fileprivate var repaired: [String] { messages { $0.kind == .repaired } }

  private func messages(where isWanted: (Notice) -> Bool) -> [String] {
    notices.filter(isWanted).map { notice in
      let place = notice.line.map { "line \($0): " } ?? notice.position.map { "byte \($0): " }
      return (place ?? "") + notice.message + (notice.count > 1 ? " (\(notice.count) times)" : "")
    }
  }
}
