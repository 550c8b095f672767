internal import InsightsText

/// Builds a log event by event, in the form of an export task.
struct IncidentLog {
  private(set) var text = ""
  /// The text of the last second, which most consecutive events share.
  private var second: (number: Int64, text: String) = (.min, "")

  /// Appends an event with a time in epoch milliseconds.
  mutating func append(_ message: String, at time: Int64) {
    text += stamp(time)
    text += " "
    text += message
    text += "\n"
  }

  /// `2026-03-01T10:00:00.000Z`.
  private mutating func stamp(_ time: Int64) -> String {
    let number = time / 1000
    if second.number != number {
      var bytes: [UInt8] = []
      Timestamp.append(number * 1000, to: &bytes)
      bytes[10] = UInt8(ascii: "T")
      second = (number, String(decoding: bytes.dropLast(3), as: UTF8.self))
    }
    let digits = String(time % 1000)
    return second.text + "000".dropFirst(digits.utf8.count) + digits + "Z"
  }

  // MARK: Text

  /// Writes an invocation in the text format, and records when its failure is logged.
  mutating func writeText(of request: inout IncidentTruth.Request) {
    let id = request.id
    append("START RequestId: \(id) Version: $LATEST", at: request.start)
    let time = request.start + 10
    switch request.fate {
    case .missingKey:
      append(Self.traceback("[ERROR] KeyError: 'customer'", line: 41), at: time)
      request.noticed = time
    case .wrongType:
      append(Self.traceback("[ERROR] TypeError: can only join an iterable", line: 57), at: time)
      request.noticed = time
    case .declined:
      let head = "[ERROR]\t\(stamp(time))\t\(id)\tcard declined"
      append(
        Self.traceback(head, line: 88) + "\nPaymentError: card declined", at: time)
      request.noticed = time
    case .refusedCall:
      append("[WARNING]\t\(stamp(time))\t\(id)\t\(Self.refusal)", at: time)
      request.noticed = time
    case .stopped, .abandoned:
      let limit = request.fate == .stopped ? "10.00" : "31.00"
      append("\(stamp(request.end)) \(id) Task timed out after \(limit) seconds", at: request.end)
    default: break
    }
    var report =
      "REPORT RequestId: \(id)\tDuration: \(Self.decimal(request.duration)) ms\t"
      + "Billed Duration: \(request.end - request.start) ms\tMemory Size: 256 MB\t"
      + "Max Memory Used: \(request.fate == .outOfMemory ? 256 : 91) MB\t"
    if let initDuration = request.initDuration {
      report += "Init Duration: \(Self.decimal(initDuration)) ms\t"
    }
    if let outcome = request.fate.outcome {
      report += "Status: \(outcome.status)"
      if let type = outcome.errorType { report += "\tError Type: \(type)" }
    }
    append("END RequestId: \(id)", at: request.end)
    append(report, at: request.end)
  }

  private static let refusal = """
    calling inventory failed, FunctionName=inventory: An error occurred (TooManyRequestsException) \
    when calling the Invoke operation (reached max retries: 2): Rate Exceeded.
    """

  private static func traceback(_ head: String, line: Int) -> String {
    """
    \(head)
    Traceback (most recent call last):
      File "/var/task/cart.py", line \(line), in handler
        return total(order)
    """
  }

  /// Formats a number with two fraction digits.
  private static func decimal(_ number: Double) -> String {
    let hundredths = Int64((number * 100).rounded())
    let digits = String(hundredths % 100)
    return "\(hundredths / 100).\("00".dropFirst(digits.utf8.count))\(digits)"
  }

  // MARK: JSON

  /// Writes an invocation in the JSON format, and records when its failure is logged.
  mutating func writeJSON(of request: inout IncidentTruth.Request) {
    let id = request.id
    writeRecord(
      "platform.start", "\"requestId\":\"\(id)\",\"version\":\"$LATEST\"", at: request.start)
    let time = request.start + 10
    let trace = "\"stackTrace\":[\"  File \\\"/var/task/cart.py\\\", line 41, in handler\\n\"]"
    switch request.fate {
    case .missingKey, .wrongType:
      let isKey = request.fate == .missingKey
      append(
        """
        {"timestamp":"\(stamp(time))","log_level":"ERROR","errorMessage":"\
        \(isKey ? "'customer'" : "can only join an iterable")",\
        "errorType":"\(isKey ? "KeyError" : "TypeError")","requestId":"\(id)",\(trace)}
        """, at: time)
      request.noticed = time
    case .declined:
      append(
        """
        {"timestamp":"\(stamp(time))","level":"ERROR","message":"card declined","logger":"shop",\
        \(trace),"errorType":"PaymentError","errorMessage":"card declined","requestId":"\(id)"}
        """, at: time)
      request.noticed = time
    case .refusedCall:
      append(
        """
        {"timestamp":"\(stamp(time))","level":"WARN","message":"\(Self.refusal)","logger":"shop",\
        "requestId":"\(id)"}
        """, at: time)
      request.noticed = time
    default: break
    }
    var metrics =
      "\"durationMs\":\(Self.decimal(request.duration)),"
      + "\"billedDurationMs\":\(request.end - request.start),\"memorySizeMB\":256,"
      + "\"maxMemoryUsedMB\":\(request.fate == .outOfMemory ? 256 : 91)"
    if let initDuration = request.initDuration {
      metrics += ",\"initDurationMs\":\(Self.decimal(initDuration))"
    }
    let outcome = request.fate.outcome
    let errorType = outcome?.errorType.map { ",\"errorType\":\"\($0)\"" } ?? ""
    writeRecord(
      "platform.report",
      "\"requestId\":\"\(id)\",\"metrics\":{\(metrics)},\"status\":\"\(outcome?.status ?? "success")\""
        + errorType, at: request.end)
  }

  private mutating func writeRecord(_ type: String, _ members: String, at time: Int64) {
    append(
      "{\"time\":\"\(stamp(time))\",\"type\":\"\(type)\",\"record\":{\(members)}}", at: time)
  }
}

extension Incident.Fate {
  /// The status of a failed invocation in its REPORT line.
  fileprivate var outcome: (status: String, errorType: String?)? {
    switch self {
    case .missingKey: ("error", "KeyError")
    case .wrongType: ("error", "TypeError")
    case .outOfMemory: ("error", "Runtime.OutOfMemory")
    case .stopped, .abandoned: ("timeout", nil)
    default: nil
    }
  }
}
