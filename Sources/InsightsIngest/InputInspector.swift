internal import InsightsStore
internal import InsightsText

/// The result of an inspection: what an ingest would read from an input.
public struct InputFacts: Equatable, Sendable {
  /// The path; `-` is standard input.
  public var path: String
  /// The name of its log format; `nil` if the input is empty or cannot be read.
  public var logFormat: String?
  /// The log groups of its events, in order; unknown groups are omitted.
  public var logGroups: [String] = []
  /// The number of distinct log streams of its events.
  public var logStreamCount = 0
  /// The time of the first event, in epoch milliseconds.
  public var first: Int64?
  /// The time of the last event, in epoch milliseconds.
  public var last: Int64?
  /// The number of events.
  public var events = 0
  /// The number of events without a time.
  public var eventsWithoutTime = 0
  /// The number of events of unknown log group.
  public var eventsWithoutGroup = 0
  /// The number of bytes read, before decompression.
  public var bytes = 0
  /// Notices about the input, in order.
  public var notices: [Notice] = []
}

/// Reads inputs like an ingest, but stores nothing.
public struct InputInspector {
  private let options: ImportOptions
  private let format: (any LogFormat.Type)?

  /// Makes an inspector.
  ///
  /// - Throws: `ImportError.unknownLogFormat`.
  public init(options: ImportOptions) throws {
    self.options = options
    format = try options.givenFormat()
  }

  /// Returns the facts of each input of the paths, in order.
  ///
  /// - Throws: `StoreError.temporaryFolder` if standard input or a pipe cannot be buffered.
  public func inspect(
    paths: [String], progress: ((ImportProgress) -> Void)? = nil
  ) throws -> [InputFacts] {
    var all: [InputFacts] = []
    for entry in InputReader.entries(of: paths) {
      switch entry {
      case .file(let path): all.append(try facts(of: path))
      case .unreadable(let path, let reason):
        var facts = InputFacts(path: path)
        facts.notices = [Notice(kind: .unreadable, path: path, message: reason)]
        all.append(facts)
      case .loop: continue
      }
      progress?(
        ImportProgress(
          files: all.count, events: all.reduce(0) { $0 + $1.events },
          bytes: all.reduce(0) { $0 + $1.bytes }))
    }
    return all
  }

  private func facts(of path: String) throws -> InputFacts {
    var facts = InputFacts(path: path)
    let file: InputFile
    do {
      file = try InputFile(path: path, inflatedByteLimit: options.inflatedByteLimit)
    } catch let failure as UnreadableInput {
      facts.notices = [Notice(kind: .unreadable, path: path, message: failure.reason)]
      return facts
    }
    var logGroups: Set<String> = []
    // Only hashes of names are kept, as there may be a million.
    var logStreams: Set<Int> = []
    var position = 0
    let events = InputEvents(file, format: format)
    if let advice = events?.advice {
      facts.notices = [Notice(kind: .lossy, path: path, message: advice)]
    } else if let input = events {
      facts.logFormat = input.format.descriptor.name
      input.begin(
        defaultStream: StreamTable.Names(
          logGroup: options.logGroup,
          logStream: options.logStream ?? input.format.logStream(ofPath: SystemPath.shown(path))))
      while input.readPiece() {
        for remark in input.batch.remarks {
          note(remark, of: input, in: &facts)
        }
        for event in input.batch.events {
          if input.batch.streams[event.stream].logGroup == nil { facts.eventsWithoutGroup += 1 }
          note(event, of: input.batch, in: &facts)
        }
        for names in input.batch.usedStreams {
          if let group = names.logGroup { logGroups.insert(group) }
          if names.logStream != nil { logStreams.insert(names.hashValue) }
        }
      }
      facts.logGroups = logGroups.sorted()
      facts.logStreamCount = logStreams.count
      position = input.position
    }
    facts.notices += file.repairs.map { Notice(kind: .repaired, path: path, message: $0) }
    if let damage = file.damage {
      facts.notices.append(
        Notice(kind: .lossy, path: path, position: position, message: damage.message))
    }
    facts.bytes = file.rawByteCount
    NoticeLines.find(for: &facts.notices, in: file)
    return facts
  }

  private func note(
    _ remark: LogEventBatch.Remark, of input: InputEvents, in facts: inout InputFacts
  ) {
    if let known = facts.notices.firstIndex(where: { $0.message == remark.message }) {
      facts.notices[known].count += remark.count
      return
    }
    facts.notices.append(
      Notice(
        kind: remark.kind, path: facts.path, position: input.pieceStart + remark.offset,
        count: remark.count, message: remark.message))
  }

  private func note(
    _ event: LogEventBatch.Event, of batch: LogEventBatch, in facts: inout InputFacts
  ) {
    facts.events += 1
    let time =
      event.timestamp
      ?? batch.withTexts { Timestamp.parseISO8601($0[event.message])?.milliseconds }
    guard let time else {
      facts.eventsWithoutTime += 1
      return
    }
    facts.first = min(facts.first ?? time, time)
    facts.last = max(facts.last ?? time, time)
  }
}
