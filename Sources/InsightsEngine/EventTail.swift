internal import InsightsModel
public import InsightsQuery

/// Finds the log events that have arrived since the previous call.
public struct EventTail {
  /// A matching log event.
  public struct Event: Hashable, Sendable {
    /// Epoch milliseconds.
    public var timestamp: Int64?
    /// `<account>:<log group>`.
    public var log: String?
    /// The name of the log stream; `nil` if unknown.
    public var logStream: String?
    /// The text of the event.
    public var message: String
  }

  private let filter: String
  private let options: Binder.Options
  /// The position in the store after which events are new.
  private var position: Int64 = 0
  /// The lengths of the newest events by position; the last one of a file may be incomplete.
  private var lengths: [Int64: Int64] = [:]

  /// The number of newest positions whose events may still grow.
  private static let lookBack: Int64 = 1000
  /// The maximum number of events per call; the rest follows with the next call.
  private static let batchSize = 50_000

  /// Makes a tail of the events that match a filter; of all events if it is empty.
  ///
  /// `filter` is the text after the keyword `filter`, which may be included.
  public init(filter: String, options: Binder.Options) {
    let keyword = "filter "
    let condition = filter.drop { $0.isWhitespace }
    self.filter =
      condition.isEmpty ? "" : (condition.hasPrefix(keyword) ? "" : keyword) + condition + "\n| "
    self.options = options
  }

  /// Compiles a filter without reading events; returns the query for its warnings.
  ///
  /// - Throws: `QueryError`.
  @discardableResult
  public static func check(
    _ filter: String, options: Binder.Options, in engine: Engine
  ) throws -> CompiledQuery {
    try engine.compile(
      EventTail(filter: filter, options: options).source("limit 1"), options: options)
  }

  /// Returns the newest existing matches, at most `count`, oldest first.
  ///
  /// Only later events are new after that. The query is returned for its warnings.
  ///
  /// - Throws: `QueryError`, `StoreError`.
  public mutating func start(
    count: Int, in engine: Engine
  ) throws -> (events: [Event], query: CompiledQuery) {
    (position, lengths) = try newestLengths(in: engine)
    let answer = try events(
      "sort @timestamp desc | limit \(max(1, min(count, 10_000)))", in: engine)
    let events = answer.table.rows.reversed().compactMap(Event.init)
    return (count > 0 ? events : [], answer.query)
  }

  /// Where new events begin, for a later tail of the same store: a pointer as `@ptr` shows it.
  public var cursor: String { EventPointer(position: position, timestamp: 0).text }

  /// Continues behind the `cursor` of an earlier tail: what arrived since is new.
  ///
  /// Returns `false`, and changes nothing, if the text is no cursor of this store: if it is no
  /// pointer, or has a later position than the newest event.
  ///
  /// - Throws: `StoreError`.
  public mutating func resume(after cursor: String, in engine: Engine) throws -> Bool {
    guard let pointer = EventPointer(cursor) else { return false }
    var tail = self
    tail.position = pointer.position
    let (newest, lengths) = try tail.newestLengths(in: engine)
    // Beyond the newest event there is none within reach of the position.
    guard pointer.position <= newest, pointer.position == 0 || !lengths.isEmpty else {
      return false
    }
    (position, self.lengths) = (pointer.position, lengths)
    return true
  }

  /// Returns the matching events that have arrived since, oldest first.
  ///
  /// An event that has grown is returned again.
  ///
  /// - Throws: `QueryError`, `StoreError`.
  public mutating func newEvents(in engine: Engine) throws -> [Event] {
    let (newest, current) = try newestLengths(in: engine)
    let rows = try events(
      """
      filter \(Self.isAfter(position - Self.lookBack)) and not \(Self.isAfter(newest))
      | sort @ptr asc | limit \(Self.batchSize)
      """, in: engine
    ).table.rows
    let events = rows.filter { row in
      guard let newPosition = row.last?.position else { return false }
      return newPosition > position
        || (lengths[newPosition].map { $0 != current[newPosition] } ?? false)
    }.compactMap(Event.init)
    let isFull = rows.count == Self.batchSize
    position = isFull ? rows.last?.last?.position ?? newest : newest
    lengths = current
    return events.enumerated().sorted {
      ($0.element.timestamp ?? .min, $0.offset) < ($1.element.timestamp ?? .min, $1.offset)
    }.map(\.element)
  }

  /// Returns the condition that an event is after a position.
  private static func isAfter(_ position: Int64) -> String {
    "@ptr >= \"\(EventPointer(position: max(position, 0) + 1, timestamp: 0).text)\""
  }

  /// Returns the last position, and the lengths of the events that may still grow.
  private func newestLengths(
    in engine: Engine
  ) throws -> (position: Int64, lengths: [Int64: Int64]) {
    let source = SourceText(
      """
      filter \(Self.isAfter(position - Self.lookBack))
      | fields @ptr, strlen(@message) as length | sort @ptr desc | limit \(Self.lookBack)
      """, name: "tail")
    let rows = try engine.answer(source, options: Binder.Options()).table.rows
    let pairs = rows.compactMap { row -> (Int64, Int64)? in
      guard row.count == 2, let position = row[0].position else { return nil }
      return (position, row[1].integer ?? 0)
    }
    return (pairs.first?.0 ?? position, Dictionary(pairs, uniquingKeysWith: { $1 }))
  }

  private func events(_ commands: String, in engine: Engine) throws -> Engine.Answer {
    try engine.answer(source(commands), options: options)
  }

  private func source(_ commands: String) -> SourceText {
    SourceText(
      filter + "fields @timestamp, @log, @logStream, @message, @ptr | " + commands, name: "filter")
  }
}

extension EventTail.Event {
  fileprivate init?(_ row: [Value]) {
    guard row.count == 5, let message = row[3].text else { return nil }
    self.init(
      timestamp: row[0].integer, log: row[1].text, logStream: row[2].text, message: message)
  }
}

extension Value {
  fileprivate var integer: Int64? {
    switch self {
    case .integer(let number): number
    case .real(let number): Int64(exactly: number.rounded(.down))
    case .text(let text): Int64(text)
    case .null, .wide: nil
    }
  }

  /// The position in a pointer.
  fileprivate var position: Int64? { text.flatMap { EventPointer($0) }?.position }

  fileprivate var text: String? {
    if case .text(let text) = self { text } else { nil }
  }
}
