internal import InsightsText

/// What is known of a log group beside its events, as the API was told it.
public struct LogGroupProperties: Hashable, Sendable {
  /// `STANDARD` where nothing else was said.
  public var logGroupClass: String?
  /// Shown, and never a reason to delete events.
  public var retentionInDays: Int?
  public var kmsKeyID: String?
  public var isDeletionProtected = false
  public var tags: [String: String] = [:]

  public init() {}

  /// Reads what `json` wrote; what is not understood is left out.
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

  /// A JSON object; `nil` where there is nothing to say.
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
  public var name: String
  /// Twelve digits; `nil` where no input says.
  public var account: String?
  /// When the API made it, epoch milliseconds; `nil` for one that events came with.
  public var created: Int64?
  public var properties: LogGroupProperties
}

/// A named log stream of a store, with or without events.
public struct LogStream: Hashable, Sendable {
  public var name: String
  /// When the API made it, epoch milliseconds; `nil` for one that events came with.
  public var created: Int64?
  /// Rows of `log_streams` with this name: events of one stream that come from different places.
  public var ids: [Int64]
}
