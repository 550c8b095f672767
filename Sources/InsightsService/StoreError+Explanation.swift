internal import InsightsModel
internal import InsightsStore

extension StoreError {
  /// The message for clients of a server: one sentence without local paths.
  var explanation: String {
    switch self {
    case .unavailable: "the store cannot be read"
    case .notAStore: "the file is no store of insights"
    case .damaged: "the store is damaged"
    case .empty: "the store is empty"
    case .needsRecovery: "the store has a log that cannot be worked off here"
    case .version(let found, let supported) where found > supported:
      "the store was made by a newer insights"
    case .version: "the store was written by another version of insights"
    case .writeFailed: "the store cannot be written: the disk is full, or the file system failed"
    case .temporaryFolder: "the folder for temporary files is full, or cannot be written"
    case .patternTooExpensive: "a regex took too many steps on an event"
    case .memoryLimitExceeded(let limit):
      "the groups or the order of the query take more than \(limit >> 20) MB of memory"
    case .limitReached(let limit): limit.explanation
    case .interrupted: "the query was cancelled"
    case .timedOut: "the time limit was reached"
    case .remote(let failure): failure.message
    case .sqlite: "internal error: SQLite refused a statement"
    }
  }
}

extension QueryLimit {
  /// The limit that was reached.
  var explanation: String {
    switch self {
    case .valueBytes(let function, let limit):
      "\(function.isEmpty ? "the query" : "'\(function)'") makes a value of more than \(limit >> 20) MB"
    case .rows(let command, let limit, _): "'\(command)' makes more than \(limit) rows"
    case .steps(let limit): "the regexes of the query take more than \(limit) steps in all"
    case .statement: "the query is too large for SQLite"
    case .resultBytes(let limit): "the rows of the result take more than \(limit >> 20) MB"
    }
  }
}
