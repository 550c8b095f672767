internal import InsightsStore
internal import InsightsText

/// Combines the lines of a gateway's requests into errors.
struct GatewayErrors {
  /// The state of a request before and after its error.
  private struct Request {
    var error: Int?
    var requestID: String?
    var throttleReason: String?
  }

  /// Requests without their last line; bounded, as it may be missing.
  private var requests: [String: Request] = [:]
  private static let requestLimit = 10_000

  /// Returns the first error from an index on that a later line may complete.
  func firstPendingError(from first: Int) -> Int? {
    requests.values.compactMap(\.error).filter { $0 >= first }.min()
  }

  /// Processes a line, and appends an error or completes one; returns false if the row of that error
  /// is no longer there.
  mutating func consume(
    _ line: GatewayLine, _ message: UnsafeBufferPointer<UInt8>, timestamp: Int64?,
    errors: inout RowWindow<ErrorTable.Row>
  ) -> Bool {
    func text(_ range: Range<Int>) -> String { String(decoding: message[range], as: UTF8.self) }
    let id = text(line.gatewayRequestID)
    var request = requests[id] ?? Request()
    if let error = request.error, error < errors.startIndex { return false }
    if let requestID = line.requestID { request.requestID = text(requestID) }
    switch line.kind {
    case .failure(let range):
      request.error = append(
        Self.failure(text(range), request), id, request, timestamp, to: &errors)
    case .functionError(let range):
      request.error = append(
        (type: "customer function error", message: text(range)), id, request, timestamp,
        to: &errors)
    case .throttleReason(let range):
      let reason = text(range)
      guard reason.contains("LimitExceeded") else { return true }
      request.throttleReason = reason
    case .status(let status):
      guard let error = request.error else {
        // A successful request is no longer needed.
        requests[id] = nil
        return true
      }
      errors[error].httpStatus = status
    case .invocationFailed: break
    case .endpoint:
      // Without an error there is nothing for the id to complete.
      guard request.error != nil else { return true }
    }
    if let error = request.error, let requestID = request.requestID {
      errors[error].requestID = RequestID(requestID)
    }
    if requests.count >= Self.requestLimit { requests.removeAll() }
    requests[id] = request
    return true
  }

  private func append(
    _ failure: (type: String, message: String), _ id: String, _ request: Request,
    _ timestamp: Int64?, to errors: inout RowWindow<ErrorTable.Row>
  ) -> Int {
    // A request fails once, however many lines report it.
    if let error = request.error { return error }
    var row = ErrorTable.Row(kind: .gateway)
    row.timestamp = timestamp
    row.type = failure.type
    row.message = failure.message
    row.gatewayRequestID = id.isEmpty ? nil : id
    row.fingerprint = Fingerprint.of(type: failure.type, message: failure.message, frames: [])
    errors.append(row)
    return errors.endIndex - 1
  }

  /// Returns type and message for the text after "Execution failed due to".
  private static func failure(
    _ text: String, _ request: Request
  ) -> (type: String, message: String) {
    if text.hasPrefix("\(AWSMessages.Gateway.timeout)") { return ("integration timeout", text) }
    let configuration = "\(AWSMessages.Gateway.configurationError)"
    guard text.hasPrefix(configuration) else {
      let words = text.hasPrefix("an ") ? text.dropFirst(3) : text[...]
      let type = words.prefix { $0 != ":" }
      return (String(type), text)
    }
    let message = String(text.dropFirst(configuration.count))
    // The names of hosts and the status are not part of the type.
    if message.hasPrefix("\(AWSMessages.Gateway.hostName)") {
      return ("certificate mismatch", message)
    }
    if let dot = message.range(of: ". ")?.lowerBound {
      return (String(message[..<dot]), message)
    }
    return (message, request.throttleReason ?? message)
  }
}
