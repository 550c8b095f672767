internal import InsightsStore
internal import InsightsText

/// Puts the lines of a gateway's requests together to errors.
struct GatewayErrors {
  /// What is known of a request before and after its error.
  private struct Request {
    var error: Int?
    var requestID: String?
    var throttleReason: String?
  }

  /// Requests whose last line has not come; bounded, for a broken log may never bring it.
  private var requests: [String: Request] = [:]
  private static let requestLimit = 10_000

  /// The first error that a line to come may still complete.
  var firstPendingError: Int? { requests.values.compactMap(\.error).min() }

  /// Takes in a line, and appends to the errors or completes one of them.
  mutating func consume(
    _ line: GatewayLine, _ message: UnsafeBufferPointer<UInt8>, timestamp: Int64?,
    errors: inout RowWindow<ErrorTable.Row>
  ) {
    func text(_ range: Range<Int>) -> String { String(decoding: message[range], as: UTF8.self) }
    let id = text(line.gatewayRequestID)
    var request = requests[id] ?? Request()
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
      guard reason.contains("LimitExceeded") else { return }
      request.throttleReason = reason
    case .status(let status):
      guard let error = request.error else {
        // A request that ended well is of no more interest.
        requests[id] = nil
        return
      }
      errors[error].httpStatus = status
    case .invocationFailed: break
    case .endpoint:
      // Without an error there is nothing that the id could complete.
      guard request.error != nil else { return }
    }
    if let error = request.error, let requestID = request.requestID {
      errors[error].requestID = RequestID(requestID)
    }
    if requests.count >= Self.requestLimit { requests.removeAll() }
    requests[id] = request
  }

  private func append(
    _ failure: (type: String, message: String), _ id: String, _ request: Request,
    _ timestamp: Int64?, to errors: inout RowWindow<ErrorTable.Row>
  ) -> Int {
    // A request fails once, whatever more is said of it.
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

  /// Type and message of what follows "Execution failed due to".
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
    // What a host or a status is called is no part of the type.
    if message.hasPrefix("\(AWSMessages.Gateway.hostName)") {
      return ("certificate mismatch", message)
    }
    if let dot = message.range(of: ". ")?.lowerBound {
      return (String(message[..<dot]), message)
    }
    return (message, request.throttleReason ?? message)
  }
}
