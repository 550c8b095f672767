internal import ArgumentParser
internal import Glibc
internal import InsightsEngine
internal import InsightsIngest
internal import InsightsModel
internal import InsightsOutput
internal import InsightsQuery
internal import InsightsStore
internal import InsightsText

/// `insights tail`: prints log events as they arrive.
struct Tail: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print matching log events as they come, until interrupted.",
    usage: "insights tail ['<filter>'] [<options>]",
    discussion: """
      Watches files that grow (--from), or a store that another process ingests into.

      Examples:
        insights tail --from function.log
        insights tail '@message like /ERROR/' --from ./logs
        insights tail 'level = "ERROR" and service = "payments"'
      """)

  @Argument(
    help:
      "What 'filter' takes, or a link to log events in AWS's console; without it all events are printed."
  )
  var filter: String = ""

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("How many events to begin with that are there already.", valueName: "count"))
  var lines = 10

  @Option(help: "Lines of text, or one JSON object an event.")
  var format: TailFormat = .table

  @Option(
    help: ArgumentHelp(
      "Show times as clocks of this zone do; JSON stays with UTC.", valueName: "zone"))
  var timezone = "UTC"

  @Option(
    help: ArgumentHelp("Only log groups whose name matches; repeatable.", valueName: "glob"))
  var logGroup: [String] = []

  @OptionGroup var input: SourceOptions
  @OptionGroup var messages: MessageOptions

  func validate() throws {
    if lines < 0 || lines > 10_000 {
      throw ValidationError("--lines takes a number from 0 to 10000")
    }
    guard TimeZone.shown(timezone) != nil else {
      throw ValidationError("unknown time zone '\(timezone)'")
    }
  }

  func run() throws {
    let reporter = messages.reporter
    try reporting(to: reporter) {
      Interruption.watch()
      do {
        try follow(reporter)
      } catch StoreError.timedOut {
      } catch StoreError.interrupted {}
      // This command is meant to be interrupted.
      return .success
    }
  }

  /// Prints new events until interrupted or until the time limit.
  private func follow(_ reporter: Reporter) throws {
    let waiting = messages.waiting(for: input.store.path)
    let logs = input.followed(messages)
    try input.reportMissingFiles(to: reporter)
    let link = ConsoleLink.isLink(filter) ? try ConsoleLink(filter) : nil
    if let link, link.eventFilter == nil {
      throw Failure(
        .data, "this link holds a query, and 'tail' takes a filter",
        help: ["follow its rows: insights query --follow --from <file> '<link>'"])
    }
    var tail = EventTail(
      filter: link?.eventFilter ?? filter,
      options: Binder.Options(
        logGroups: logGroup.isEmpty ? link?.logGroups ?? [] : logGroup, rowLimit: 100_000))
    var isStarted = false
    var told: [Notice] = []
    let progress = ProgressReport(isShown: !reporter.isQuiet)
    while !Interruption.hasCome, !waiting.isOver {
      if let state = try logs.update(progress: progress.update) {
        progress.erase()
        for notice in state.summary?.notices ?? [] where !told.contains(notice) {
          told.append(notice)
          reporter.report(notice)
        }
        if isStarted {
          try write(try tail.newEvents(in: state.engine))
        } else {
          let (events, query) = try tail.start(count: lines, in: state.engine)
          reporter.diagnostics(query.warnings, of: query.source)
          try write(events)
          isStarted = true
        }
      }
      try Interruption.wait(milliseconds: 300)
    }
  }

  private func write(_ events: [EventTail.Event]) throws {
    guard !events.isEmpty else { return }
    let terminal = Terminal(fileDescriptor: STDOUT_FILENO, color: messages.color)
    var buffer = OutputBuffer(fileDescriptor: STDOUT_FILENO)
    switch format {
    case .table:
      let writer = LogLines(terminal: terminal, timeZone: TimeZone.shown(timezone) ?? .utc)
      for event in events {
        writer.append(
          timestamp: event.timestamp, origin: event.functionName, message: event.message,
          to: &buffer)
        try buffer.flushIfFull()
      }
    case .ndjson:
      let columns: [ResultColumn] = [
        ResultColumn(name: "@timestamp", type: .timestamp),
        ResultColumn(name: "@log", type: .text), ResultColumn(name: "@logStream", type: .text),
        ResultColumn(name: "@message", type: .text),
      ]
      let table = ResultTable(columns: columns, rows: events.map(\.row))
      try OutputFormatRegistry.formatter(named: "ndjson", for: terminal)?.write(table, to: &buffer)
    }
    try buffer.flush()
  }
}

/// The formats of printed events.
enum TailFormat: String, CaseIterable, ExpressibleByArgument {
  case table, ndjson
}

extension EventTail.Event {
  /// The last component of the log group's name: for Lambda, the function.
  fileprivate var functionName: String? {
    log?.split(separator: "/").last.map { part in
      String(part.split(separator: ":").last ?? part)
    }
  }

  fileprivate var row: [Value] {
    [
      timestamp.map { .integer($0) } ?? .null, log.map { .text($0) } ?? .null,
      logStream.map { .text($0) } ?? .null, .text(message),
    ]
  }
}
