internal import Glibc
internal import InsightsModel
internal import InsightsText
internal import InsightsThreads

/// Tells a client how far a call is, as long as it works.
///
/// It begins with 0; the numbers only grow, as the protocol wants: events that were read.
final class MCPProgress: Sendable {
  private static let interval: UInt32 = 500_000

  private let token: JSONValue
  private let context: ExecutionContext
  private let report: @Sendable (JSONValue) -> Void
  private let last = Locked(-1)
  private let isOver = OneTimeEvent()

  init(
    token: JSONValue, of context: ExecutionContext, in service: LogService,
    report: @escaping @Sendable (JSONValue) -> Void
  ) {
    self.token = token
    self.context = context
    self.report = report
    tell(0, "started")
    // Where there is no thread to be had, the beginning and the end are told.
    _ = WorkerThread { [self] in
      while true {
        usleep(Self.interval)
        guard !isOver.hasHappened else { return }
        let count = context.progress.scannedEvents
        tell(count, "\(count) events read")
      }
    }
  }

  /// Nothing more is told.
  func stop() { isOver.happen() }

  /// The call is done.
  func end() {
    stop()
    let count = max(context.progress.scannedEvents, last.withLock { $0 } + 1)
    tell(count, "done", total: count)
  }

  private func tell(_ count: Int, _ message: String, total: Int? = nil) {
    // Under the lock, so that numbers go out in the order in which they grow.
    last.withLock { last in
      guard count > last, !isOver.hasHappened || total != nil else { return }
      last = count
      var parameters: JSONObject = [
        "progressToken": token, "progress": .integer(count), "message": .string(message),
      ]
      if let total { parameters["total"] = .integer(total) }
      report(JSONRPCAnswer.notification("notifications/progress", parameters))
    }
  }
}
