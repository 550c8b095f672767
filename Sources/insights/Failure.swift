internal import ArgumentParser
internal import Glibc
internal import InsightsEngine
internal import InsightsModel
internal import InsightsOutput
internal import InsightsQuery
internal import InsightsStore
internal import InsightsText

/// A failure: its exit status and its message.
struct Failure: Error {
  var status: ExitStatus
  var message: String
  var notes: [String]
  var help: [String]

  init(_ status: ExitStatus, _ message: String, notes: [String] = [], help: [String] = []) {
    self.status = status
    self.message = message
    self.notes = notes
    self.help = help
  }
}

/// Runs the work of a command; an error is reported and becomes the exit status.
func reporting(to reporter: Reporter, _ work: () throws -> ExitStatus) throws {
  let status: ExitStatus
  do {
    status = try work()
  } catch let error as QueryError {
    reporter.diagnostics(error.diagnostics, of: error.source)
    status = .data
  } catch let error as Engine.InternalQueryError {
    reporter.error(
      "internal error: an internal query does not compile; this is a bug in insights",
      notes: [error.message, error.query])
    status = .internalError
  } catch OutputError.closedPipe {
    // The reader closed the pipe.
    status = .success
  } catch let error as OutputError {
    reporter.error("\(error)")
    status = .outputFailed
  } catch let error as StoreError {
    let failure = Failure(error)
    reporter.error(failure.message, notes: failure.notes, help: failure.help)
    status = failure.status
  } catch let error as LookupError {
    let place = error.path + (error.line.map { ":\($0)" } ?? "")
    reporter.error("lookup table \(place): \(error.reason)")
    status = .data
  } catch let error as Failure {
    reporter.error(error.message, notes: error.notes, help: error.help)
    status = error.status
  } catch let error as ParameterError {
    let failure = Failure(error)
    reporter.error(failure.message, help: failure.help)
    status = failure.status
  } catch let error as RequestError {
    let failure = Failure(error)
    reporter.error(failure.message, help: failure.help)
    status = failure.status
  } catch let error as ConsoleLinkError {
    let failure = Failure(error)
    reporter.error(failure.message, help: failure.help)
    status = failure.status
  }
  try status.exit()
}

extension ParameterType {
  fileprivate var example: String? {
    switch self {
    case .number: "20"
    case .period: "5m"
    case .text: nil
    }
  }
}

extension Failure {
  init(_ error: ParameterError) {
    switch error {
    case .missing(let name):
      self.init(
        .data, "parameter '\(name)' has no value", help: ["give one: --param \(name)=<value>"])
    case .backtickInName(let name):
      self.init(
        .data, "the value of parameter '\(name)' has a backtick, which no field name can have")
    case .mismatch(let name, let value, let type):
      self.init(
        .usage, "parameter '\(name)' takes a \(type), not '\(value)'",
        help: type.example.map { ["for example: --param \(name)=\($0)"] } ?? [])
    case .unknownType(let name, let type):
      self.init(
        .data, "parameter '\(name)' is declared with an unknown type '\(type)'",
        help: ["types: \(ParameterType.allCases.map(\.rawValue).joined(separator: ", "))"])
    }
  }

  init(_ error: RequestError) {
    switch error {
    case .emptyRange: self.init(.usage, "the time range ends before it starts")
    case .unknownParameter(let name, let known):
      self.init(
        .usage, "unknown parameter '\(name)'",
        help: [
          known.isEmpty
            ? "the query has no {{name}} to fill" : "parameters: \(known.joined(separator: ", "))"
        ])
    }
  }

  init(_ error: ConsoleLinkError) {
    let open = "open it in the console, and copy the query's text"
    switch error {
    case .noQuery:
      self.init(.data, "this link leads to the query editor, but holds no query", help: [open])
    case .queryIDOnly:
      self.init(
        .data, "this link names a query that only its AWS account knows, not the query's text",
        help: [open, "or bring the account's queries here: insights queries import"])
    case .unknownPage:
      self.init(
        .data, "this link leads to no page of CloudWatch that holds a query or log events",
        help: ["links to Logs Insights, a log group, a log stream or Live Tail can be read"])
    case .unreadable:
      self.init(.data, "what this link holds cannot be read; it may be cut off", help: [open])
    case .language(let name):
      self.init(
        .data, "the query of this link is written in \(name), not in the language of Logs Insights",
        help: ["write it with 'fields', 'filter' and 'stats'"])
    case .time(let text):
      self.init(
        .data, "the time '\(text)' of this link cannot be read",
        help: ["copy the query's text, and give --start and --end"])
    case .filterPattern(let pattern, let reason):
      self.init(
        .data, "the filter pattern '\(pattern)' of this link cannot be asked: \(reason)",
        help: ["write it as a query: filter @message like /…/"])
    }
  }

  /// Whether a path is a folder.
  static func isFolder(_ path: String) -> Bool { FileStatus(path)?.kind == .folder }

  /// The usual path of a store in a folder.
  private static func storePath(in folder: String) -> String {
    folder.hasSuffix("/") ? folder + "insights.db" : folder + "/insights.db"
  }

  init(_ error: StoreError) {
    switch error {
    case .unavailable(let path, _) where Self.isFolder(path):
      self.init(
        .noInput, "'\(path)' is a folder, not a store",
        help: ["name the file of the store, such as \(Self.storePath(in: path))"])
    case .unavailable(let path, let reason):
      let isMissing = FileStatus(path) == nil && errno == ENOENT
      self.init(
        .noInput,
        isMissing
          ? "there is no store at '\(path)'" : "store '\(path)' cannot be opened: \(reason)",
        help: isMissing ? ["make one: insights ingest <logs> --db \(path)"] : [])
    case .notAStore(let path):
      self.init(
        .noInput, "'\(path)' is no store of insights, or it is damaged",
        help: ["name the store with --db, or ingest the logs into a new one"])
    case .damaged(let path, let reason):
      self.init(
        .noInput, "store '\(path)' is damaged: \(reason)",
        notes: ["the disk or a copy has failed, or another program has changed the file"],
        help: ["ingest the logs again into a new store"])
    case .empty(let path):
      self.init(
        .noInput, "store '\(path)' is empty: the ingest that made it has stored nothing in it yet",
        help: ["ingest logs: insights ingest <logs> --db \(path)"])
    case .needsRecovery(let path, let log):
      self.init(
        .noInput,
        "store '\(path)' cannot be read here: a process that was stopped left the log '\(log)', and it cannot be worked off without writing",
        help: ["copy both files to a folder that can be written, and read the store there"])
    case .version(let found, let supported) where found > supported:
      self.init(
        .noInput,
        "store has version \(found), made by a newer insights; this program reads version \(supported)",
        help: ["upgrade this program, which is better, or ingest the logs again into a new store"])
    case .version(let found, let supported):
      self.init(
        .noInput, "store has version \(found); this program reads version \(supported)",
        help: ["ingest the logs again into a new store"])
    case .writeFailed(let reason):
      self.init(.outputFailed, "store cannot be written: \(reason)")
    case .temporaryFolder(let path, let reason):
      self.init(
        .outputFailed, "no temporary file can be written in '\(path)': \(reason)",
        help: ["make room there, or name another folder: TMPDIR=<folder>"])
    case .patternTooExpensive:
      self.init(
        .data, "a regex took too many steps on an event",
        notes: ["the query was stopped rather than answered wrongly"],
        help: ["avoid nested repetition such as (a+)+ in the regex"])
    case .memoryLimitExceeded(let limit):
      self.init(
        .data, "what the query has to keep takes more than \(limit >> 20) MB of memory",
        notes: ["the query was stopped"],
        help: [
          "narrow the range of time with --since, --start and --end",
          "let it keep less: fewer groups (bin(1h) instead of @timestamp), fewer rows behind 'filter' and 'limit'",
        ])
    case .limitReached(let limit): self.init(limit)
    case .interrupted: self.init(.interrupted, "interrupted")
    case .timedOut:
      self.init(
        .data, "the time limit was reached (--timeout)", notes: ["the work was stopped"],
        help: ["allow more, or narrow the range of time with --since, --start and --end"])
    case .remote(let failure):
      let status: ExitStatus =
        switch failure.kind {
        case .unavailable: .noInput
        case .incomplete: .data
        case .writeFailed: .outputFailed
        case .unexpected: .internalError
        }
      self.init(status, failure.message, notes: failure.notes, help: failure.help)
    case .sqlite(let code, let message, let sql):
      self.init(
        .internalError, "internal error: SQLite refused a statement; this is a bug in insights",
        notes: ["SQLite \(code): \(message)", sql])
    }
  }
}

extension Failure {
  init(_ limit: QueryLimit) {
    let stopped = ["the query was stopped; Documentation/Language.md lists the limits"]
    switch limit {
    case .valueBytes(let function, let limit):
      let maker = function.isEmpty ? "the query" : "'\(function)'"
      self.init(
        .data, "\(maker) makes a value of more than \(limit >> 20) MB", notes: stopped,
        help: ["shorten what it is made of: substr(…, 0, 1000)"])
    case .rows(let command, let limit, let count):
      let asked = count.map { "\($0.grouped) rows; at most \(limit.grouped) may be" }
      self.init(
        .data, "'\(command)' makes \(asked ?? "more than \(limit.grouped) rows")", notes: stopped,
        help: command == "fillmissing"
          ? ["group by longer periods, or narrow the range of time with --since, --start and --end"]
          : command == "join"
            ? ["join by a field with more values, or filter both sides first"]
            : ["filter the events first"])
    case .steps(let limit):
      self.init(
        .data, "the regexes of the query take more than \(limit.grouped) steps in all",
        notes: stopped,
        help: [
          "avoid nested repetition such as (a+)+ in the regex",
          "filter the events first: filter @message like \"text\"",
        ])
    case .statement(let reason):
      self.init(
        .data, "the query is too large for SQLite: \(reason)", notes: stopped,
        help: ["use fewer commands that make rows anew, or fewer fields"])
    case .resultBytes(let limit):
      self.init(
        .data, "the rows of the result take more than \(limit >> 20) MB", notes: stopped,
        help: ["set a smaller 'limit', or show fewer fields"])
    }
  }
}

/// Opens the store for reading.
func openEngine(_ store: StoreOptions, _ messages: MessageOptions) throws -> Engine {
  let waiting = messages.waiting(for: store.path)
  return try Engine(
    readingStoreAt: store.path, waiting: waiting,
    context: ExecutionContext(cancellation: waiting.cancellation))
}
