internal import Glibc
internal import InsightsModel
internal import InsightsText
internal import InsightsThreads

/// Reports the progress of a call to the client while it runs.
///
/// It begins with 0 and only increases, as the protocol requires: the number of events read.
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
    send(0, "started")
    // If no thread can be started, only the beginning and the end are reported.
    _ = WorkerThread { [self] in
      while true {
        usleep(Self.interval)
        guard !isOver.hasHappened else { return }
        let count = context.progress.scannedEvents
        send(count, "\(count) events read")
      }
    }
  }

  /// Stops reporting.
  func stop() { isOver.happen() }

  /// Reports the end of the call.
  func end() {
    stop()
    let count = max(context.progress.scannedEvents, last.withLock { $0 } + 1)
    send(count, "done", total: count)
  }

  private func send(_ count: Int, _ message: String, total: Int? = nil) {
    // Inside the lock, so that numbers are sent in increasing order.
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
