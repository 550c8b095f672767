internal import InsightsText

/// A JSON line: its members at any depth, in order, with path names joined by dots.
struct LoggedObject {
  struct Member {
    /// Keys from the root down, split at dots; array positions are omitted.
    var path: [String]
    var value: JSONScanner.Value
  }

  let bytes: UnsafeBufferPointer<UInt8>
  private(set) var members: [Member] = []

  /// The maximum number of members read from one line; exceptions are neither deep nor numerous.
  private static let memberLimit = 500
  private static let depthLimit = 8
  private static let elementLimit = 8

  init(_ bytes: UnsafeBufferPointer<UInt8>, objectAt start: Int) {
    self.bytes = bytes
    read(objectAt: start, path: [], depth: 0)
  }

  private mutating func read(objectAt start: Int, path: [String], depth: Int) {
    var walk = JSONMembers(of: bytes, objectAt: start)
    while members.count < Self.memberLimit, let member = walk.next() {
      let key = String(decoding: bytes[member.key], as: UTF8.self)
      let own = path + key.split(separator: ".").map(String.init)
      append(member.value, path: own, depth: depth)
    }
  }

  private mutating func append(_ value: JSONScanner.Value, path: [String], depth: Int) {
    members.append(Member(path: path, value: value))
    guard depth < Self.depthLimit else { return }
    if value.kind == .object {
      read(objectAt: value.range.lowerBound, path: path, depth: depth + 1)
    } else if value.kind == .array {
      var elements = JSONElements(of: bytes, arrayAt: value.range.lowerBound)
      for _ in 0..<Self.elementLimit {
        guard let element = elements.next(), element.kind == .object else { return }
        read(objectAt: element.range.lowerBound, path: path, depth: depth + 1)
      }
    }
  }

  /// Returns the first member with a name.
  func member(_ name: String) -> JSONScanner.Value? {
    members.first { $0.path.count == 1 && $0.path[0] == name }?.value
  }

  /// Returns the first text or number with a name; `nil` if it is empty.
  func text(_ name: String) -> String? {
    member(name).flatMap { text($0) }
  }

  func text(_ value: JSONScanner.Value) -> String? {
    guard value.kind == .string || value.kind == .number, !value.range.isEmpty else { return nil }
    return JSONText.string(value, in: bytes)
  }

  // MARK: Meaning

  var level: String? {
    members.lazy.filter { ExceptionKeys.levels.contains($0.path.joined(separator: ".")) }
      .compactMap { text($0.value) }.first
  }

  /// Whether the line has an informational level.
  var isQuiet: Bool {
    if let level { return ExceptionKeys.quietLevels.contains(level.uppercased()) }
    // Serilog's compact format omits the level Information.
    return member("@t") != nil && (member("@mt") != nil || member("@m") != nil)
  }

  var isPlatformEvent: Bool { text("type")?.hasPrefix("platform.") == true }

  /// Whether the line is in CloudWatch's embedded metric format.
  var isMetric: Bool { member("_aws") != nil }

  var requestID: String? {
    ["requestId", "AWSRequestId", "function_request_id"].lazy.compactMap { text($0) }.first {
      $0 != "undefined"
    }
  }

  /// Whether a runtime wrote the object for an unhandled error: it has neither level nor time, or
  /// has both and no logger's field.
  ///
  /// Python has `log_level`, and from 2026 on `level`.
  var isRuntimes: Bool {
    if member("log_level") != nil { return true }
    if let text = text("message"),
      Runtimes.all.contains(where: { $0.objectHeads.contains { text.offset(of: $0) == 0 } })
    {
      return true
    }
    let hasTime = member("timestamp") != nil
    if level == nil { return !hasTime }
    return hasTime && member("requestId") != nil
      && !["message", "msg", "logger", "location"].contains { member($0) != nil }
  }
}
