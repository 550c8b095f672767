internal import InsightsText

/// The properties of a log group that were set over the API.
public struct LogGroupProperties: Hashable, Sendable {
  /// `STANDARD` by default.
  public var logGroupClass: String?
  /// The retention, for display only; events are never deleted.
  public var retentionInDays: Int?
  /// The id of a KMS key, for display only.
  public var kmsKeyID: String?
  /// Whether the group may not be deleted.
  public var isDeletionProtected = false
  /// The tags of the group.
  public var tags: [String: String] = [:]

  /// Properties with default values.
  public init() {}

  /// Parses the output of `json`; unknown parts are ignored.
  init(json: String) {
    Array(json.utf8).withUnsafeBufferPointer { bytes in
      func text(_ range: Range<Int>) -> String {
        var text: [UInt8] = []
        JSONScanner.appendUnescaped(range, of: bytes, to: &text)
        return String(decoding: text, as: UTF8.self)
      }
      var members = JSONMembers(of: bytes, objectAt: 0)
      while let member = members.next() {
        switch (text(member.key), member.value.kind) {
        case ("class", .string): logGroupClass = text(member.value.range)
        case ("retentionInDays", .number): retentionInDays = Int(text(member.value.range))
        case ("kmsKeyId", .string): kmsKeyID = text(member.value.range)
        case ("deletionProtection", .true): isDeletionProtected = true
        case ("tags", .object):
          var entries = JSONMembers(of: bytes, objectAt: member.value.range.lowerBound)
          while let entry = entries.next() { tags[text(entry.key)] = text(entry.value.range) }
        default: break
        }
      }
    }
  }

  /// A JSON object; `nil` if all properties have defaults.
  var json: String? {
    if self == LogGroupProperties() { return nil }
    var text: [UInt8] = []
    func begin(_ name: String) {
      text.append(UInt8(ascii: text.isEmpty ? "{" : ","))
      JSONWriter.append(string: name, to: &text)
      text.append(UInt8(ascii: ":"))
    }
    for (name, value) in [("class", logGroupClass), ("kmsKeyId", kmsKeyID)] {
      guard let value else { continue }
      begin(name)
      JSONWriter.append(string: value, to: &text)
    }
    if let retentionInDays {
      begin("retentionInDays")
      text.append(contentsOf: "\(retentionInDays)".utf8)
    }
    if isDeletionProtected {
      begin("deletionProtection")
      text.append(contentsOf: "true".utf8)
    }
    if !tags.isEmpty {
      begin("tags")
      var isFirst = true
      for (name, value) in tags.sorted(by: { $0.key < $1.key }) {
        text.append(UInt8(ascii: isFirst ? "{" : ","))
        isFirst = false
        JSONWriter.append(string: name, to: &text)
        text.append(UInt8(ascii: ":"))
        JSONWriter.append(string: value, to: &text)
      }
      text.append(UInt8(ascii: "}"))
    }
    text.append(UInt8(ascii: "}"))
    return String(decoding: text, as: UTF8.self)
  }
}

/// A log group of a store, with or without events.
public struct LogGroup: Hashable, Sendable {
  /// The name of the group.
  public var name: String
  /// Twelve digits; `nil` if no input contains it.
  public var account: String?
  /// When it was created over the API, in epoch milliseconds; `nil` for one that was created by
  /// ingest.
  public var created: Int64?
  /// The properties that were set over the API.
  public var properties: LogGroupProperties
}

/// A named log stream of a store, with or without events.
public struct LogStream: Hashable, Sendable {
  /// The name of the stream.
  public var name: String
  /// When it was created over the API, in epoch milliseconds; `nil` for one that was created by
  /// ingest.
  public var created: Int64?
  /// The rows of `log_streams` with this name: events of one stream that come from different
  /// carriers.
  public var ids: [Int64]
}
