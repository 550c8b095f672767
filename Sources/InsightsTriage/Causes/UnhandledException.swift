internal import InsightsText

extension FailureCause {
  /// The handler raised an error that was not caught.
  static let unhandledException = FailureCause(
    status: 502, httpAPIStatus: 500, grouping: .fingerprint,
    matches: { fault in
      fault.error?.kind == "unhandled" || fault.error?.kind == "platform"
        || fault.invocation?.status == "error"
        || fault.gateway?.reports(AWSMessages.Gateway.functionError) == true
    },
    title: { fault in
      if let type = fault.errorType { return "unhandled exception: \(type)" }
      let introduction = AWSMessages.Gateway.functionError
      let text = fault.gateway?.failure(with: introduction)
      let message = text?.value(after: "\(introduction)", upTo: { $0.isNewline })
      guard let message else { return "unhandled exception" }
      let end =
        message.range(ofText: ". \(AWSMessages.Gateway.lambdaRequestID)")?.lowerBound
        ?? message.endIndex
      // `RequestId: 2fe1… Error: Runtime exited …` differs between requests only in the id.
      let reason = message[..<end]
      let start =
        reason.hasPrefix("RequestId: ") ? reason.range(ofText: " Error: ")?.upperBound : nil
      return "unhandled exception: \(reason[(start ?? reason.startIndex)...])"
    },
    evidence: { fault in
      guard fault.gateway?.inferredStatus.map({ $0 < 400 }) == true else { return [] }
      return [
        "the gateway passed the error on as a success: its integration maps no errors to statuses"
      ]
    },
    advice: { fault in
      switch fault.errorType {
      case "Runtime.MarshalError":
        return "Convert what the handler returns to plain JSON (Decimal, datetime, bytes) before "
          + "returning it."
      case AWSMessages.ErrorType.responseTooLarge:
        return "Keep the response below 6 MB: page it, compress it, or hand out a presigned URL."
      default: break
      }
      return fault.advice(
        otherwise:
          "Correct the fault, or catch it in the handler and answer with a status that says "
          + "whose fault it is (4xx for bad input).")
    })
}
