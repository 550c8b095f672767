internal import InsightsModel
internal import Glibc
internal import InsightsEngine
internal import InsightsStore
internal import InsightsText
internal import InsightsThreads

/// Sends new events as an event stream: once a second, even if there are none.
enum StartLiveTail: AWSOperation {
  static let name = "StartLiveTail"
  static let members: [Member] = [
    .required("logGroupIdentifiers", .list(1...10, of: .logGroupIdentifier)),
    .optional("logStreamNames", .list(1...100, of: .logStreamName)),
    .optional("logStreamNamePrefixes", .list(1...100, of: .logStreamName)),
    .optional("logEventFilterPattern", .filterPattern),
  ]

  /// The maximum number of events per update; if there are more, a sample is sent.
  private static let updateLimit = 500
  /// The maximum number of events that are sampled.
  private static let sampledLimit = 2000
  private static let longestSession = Duration.seconds(3 * 3600)

  static func respond(to request: AWSRequest, in service: LogService) throws -> AWSReply {
    let identifiers = request.strings("logGroupIdentifiers") ?? []
    let streams = request.strings("logStreamNames") ?? []
    let prefixes = request.strings("logStreamNamePrefixes") ?? []
    guard streams.isEmpty || prefixes.isEmpty else {
      throw AWSError.invalidParameter(
        "Only one of logStreamNames or logStreamNamePrefixes can be provided.")
    }
    guard identifiers.count == 1 || streams.isEmpty && prefixes.isEmpty else {
      throw AWSError.invalidParameter(
        "logStreamNames and logStreamNamePrefixes can only be used with a single log group.")
    }
    let groups = identifiers.map(ResourceName.logGroup)
    var selection = LogEventSelection(logGroups: groups)
    selection.logStreams = streams
    selection.logStreamPrefixes = prefixes
    selection.pattern = try request.filterPattern("logEventFilterPattern")
    let (accounts, position) = try service.withEngine(until: request.clientGone) { engine in
      let accounts = try Self.accounts(of: groups, in: engine)
      for stream in streams where try !engine.hasLogStream(stream, ofGroup: groups[0]) {
        throw AWSError.logStreamMissing
      }
      let position = try engine.lastPosition()
      return (accounts, position)
    }
    let start: JSONObject = [
      "requestId": .string(request.requestID), "sessionId": .string(RequestID.new()),
      "logGroupIdentifiers": .strings(identifiers), "logStreamNames": .strings(streams),
      "logStreamNamePrefixes": .strings(prefixes),
      "logEventFilterPattern": .string(request.string("logEventFilterPattern") ?? ""),
    ]
    let session = Session(
      service: service, clientGone: request.clientGone, selection: selection, accounts: accounts,
      position: position)
    return .eventStream { stream in session.run(start, into: stream) }
  }

  /// Returns the account of each log group, which must exist.
  private static func accounts(
    of groups: [String], in engine: Engine
  ) throws -> [String: String] {
    var accounts: [String: String] = [:]
    for group in groups {
      guard let found = try engine.logGroup(named: group) else { throw AWSError.logGroupMissing }
      accounts[group] = found.account ?? AccountNumber.unknown
    }
    return accounts
  }

  private struct Session: Sendable {
    var service: LogService
    var clientGone: OneTimeEvent
    var selection: LogEventSelection
    /// By log group.
    var accounts: [String: String]
    /// The last position that has been checked.
    var position: Int64

    func run(_ start: JSONObject, into stream: any ReplyStream) {
      guard stream.write(EventStreamMessage(event: "initial-response", JSONObject()).bytes),
        stream.write(EventStreamMessage(event: "sessionStart", start).bytes)
      else { return }
      var session = self
      do {
        let clock = ContinuousClock()
        let end = clock.now + longestSession
        while clock.now < end {
          guard session.pause(stream) else { return }
          let update = try service.withEngine(until: clientGone) { try session.update(of: $0) }
          guard stream.write(EventStreamMessage(event: "sessionUpdate", update).bytes) else {
            return
          }
        }
        _ = stream.write(
          EventStreamMessage(
            exception: "SessionTimeoutException", "The session has lasted three hours."
          ).bytes)
      } catch {
        guard !service.stopping.hasHappened else { return }
        _ = stream.write(
          EventStreamMessage(exception: "SessionStreamingException", AWSError(error).message).bytes)
      }
    }

    /// Waits a second; returns false if the stream is no longer read.
    private func pause(_ stream: any ReplyStream) -> Bool {
      for _ in 0..<20 {
        guard stream.isOpen, !service.stopping.hasHappened else { return false }
        usleep(50_000)
      }
      return true
    }

    private mutating func update(of engine: Engine) throws -> JSONObject {
      let last = try engine.lastPosition()
      var events: [LogEventRecord] = []
      if last > position {
        events = try engine.newLogEvents(
          selection, after: position, through: last, limit: sampledLimit)
        position = last
      }
      let isSampled = events.count > updateLimit
      if isSampled {
        let all = events
        events = (0..<updateLimit).map { all[$0 * all.count / updateLimit] }
      }
      let results = events.map { event in
        JSONValue.object([
          "logStreamName": .string(event.logStream),
          "logGroupIdentifier": .string(
            "\(accounts[event.logGroup] ?? AccountNumber.unknown):\(event.logGroup)"),
          "message": .string(event.message), "timestamp": .integer(event.key.timestamp),
          "ingestionTime": .integer(event.ingestionTime),
        ])
      }
      return [
        "sessionMetadata": .object(["sampled": .bool(isSampled)]),
        "sessionResults": .array(results),
      ]
    }
  }
}
