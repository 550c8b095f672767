internal import InsightsText
internal import InsightsThreads

/// One client over a pair of byte streams: one message per line.
///
/// Requests run concurrently; a notification cancels one of them.
final class MCPConnection: Sendable {
  /// The maximum number of concurrent calls; others wait.
  private static let callLimit = 32

  private struct State {
    var agreed: MCPRevision?
    /// The unanswered calls, by id.
    var calls: [JSONValue: MCPToolCall] = [:]
    /// The number of calls that are running or sending their response.
    var runningCount = 0
  }

  private let server: MCPServer
  private let write: @Sendable ([UInt8]) -> Void
  private let state = Locked(State())
  private let threads = ThreadPool(limit: MCPConnection.callLimit)

  /// `write` receives one whole message, with its line break, on any thread.
  init(_ server: MCPServer, write: @escaping @Sendable ([UInt8]) -> Void) {
    self.server = server
    self.write = write
  }

  /// Whether every call has been answered.
  var isIdle: Bool { state.withLock { $0.runningCount == 0 } }

  /// Cancels all calls.
  func close() {
    for call in state.withLock({ Array($0.calls.values) }) { call.cancel() }
  }

  /// Processes a line: a message, or a batch of messages.
  func receive(_ line: [UInt8]) {
    guard line.contains(where: { ![0x20, 0x09, 0x0D].contains($0) }) else { return }
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue(parsing: line)
    } catch {
      return send(
        JSONRPCAnswer.error(
          JSONRPCError(.parseError, "the message is no JSON at byte \(error.offset)"), id: .null))
    }
    if case .array(let messages) = value,
      state.withLock({ $0.agreed })?.takesBatches == true, !messages.isEmpty
    {
      MCPBatch(messages.count, send: send).receive(messages, by: receive)
    } else {
      receive(value, answer: { if let answer = $0 { self.send(answer) } })
    }
  }

  /// Reports a line that exceeded the limit and was discarded.
  func receiveOversized(limit: Int) {
    send(
      JSONRPCAnswer.error(
        JSONRPCError(.invalidRequest, "a message may have \(limit >> 20) MiB"), id: .null))
  }

  /// Processes a message; `answer` is called once, with `nil` if there is no response.
  private func receive(
    _ value: JSONValue, answer: @escaping @Sendable (JSONValue?) -> Void
  ) {
    let message: JSONRPCMessage
    do throws(JSONRPCMessage.Malformed) {
      message = try JSONRPCMessage(value)
    } catch {
      return answer(JSONRPCAnswer.error(error.error, id: error.id))
    }
    switch message {
    case .response: answer(nil)
    case .notification(let method, let parameters):
      if method == "notifications/cancelled", let id = parameters["requestId"] {
        state.withLock { $0.calls[id] }?.cancel()
      }
      answer(nil)
    case .request(let request):
      do throws(JSONRPCError) {
        try begin(request, answer: answer)
      } catch {
        answer(JSONRPCAnswer.error(error, id: request.id))
      }
    }
  }

  private func begin(
    _ request: JSONRPCRequest, answer: @escaping @Sendable (JSONValue?) -> Void
  ) throws(JSONRPCError) {
    let revision = try server.revision(of: request, agreed: state.withLock { $0.agreed })
    switch try server.step(for: request, revision) {
    case .result(let result):
      if request.method == MCPServer.Method.initialize.rawValue {
        let agreed = MCPServer.agreement(on: request.parameters)
        state.withLock { $0.agreed = agreed }
      }
      answer(JSONRPCAnswer.result(result, id: request.id))
    case .call(let call):
      let isNew = state.withLock { state in
        guard state.calls[request.id] == nil else { return false }
        state.calls[request.id] = call
        state.runningCount += 1
        return true
      }
      guard isNew else {
        throw JSONRPCError(.invalidRequest, "a request with this 'id' has no answer yet")
      }
      threads.run { [self] in
        let result = call.run(report: send)
        // With the response the client may reuse the id.
        state.withLock { $0.calls[request.id] = nil }
        answer(result.map { JSONRPCAnswer.result($0, id: request.id) })
        state.withLock { $0.runningCount -= 1 }
      }
    }
  }

  private func send(_ message: JSONValue) {
    write(message.bytes + [UInt8(ascii: "\n")])
  }
}

/// Messages that arrived as one array; their responses are sent as one array (revision of March
/// 2025).
final class MCPBatch: Sendable {
  private struct State {
    var answers: [JSONValue?]
    var missingCount: Int
  }

  private let state: Locked<State>
  private let send: @Sendable (JSONValue) -> Void

  /// `send` is called with the array of responses, unless it is empty.
  init(_ count: Int, send: @escaping @Sendable (JSONValue) -> Void) {
    state = Locked(State(answers: Array(repeating: nil, count: count), missingCount: count))
    self.send = send
  }

  func receive(
    _ messages: [JSONValue],
    by receive: (JSONValue, @escaping @Sendable (JSONValue?) -> Void) -> Void
  ) {
    for (index, message) in messages.enumerated() {
      receive(message) { answer in self.take(answer, at: index) }
    }
  }

  private func take(_ answer: JSONValue?, at index: Int) {
    let answers = state.withLock { state -> [JSONValue]? in
      state.answers[index] = answer
      state.missingCount -= 1
      return state.missingCount == 0 ? state.answers.compactMap { $0 } : nil
    }
    if let answers, !answers.isEmpty { send(.array(answers)) }
  }
}
