internal import InsightsSegments
internal import InsightsStore
internal import InsightsText

/// Events that a log format has read, before they are stored.
///
/// Texts are ranges in the window that they were read from, or in the batch's own bytes if a text
/// had to be changed.
struct LogEventBatch {
  /// An event; ranges are offsets in `texts`.
  struct Event {
    /// Epoch milliseconds; `nil` if the event has no time.
    var timestamp: Int64?
    /// Epoch milliseconds; `nil` if unknown.
    var ingestionTime: Int64?
    /// An index into the batch's `streams`.
    var stream: Int = 0
    /// Empty if the input has no event ids.
    var eventID: Range<Int> = 0..<0
    var message: Range<Int>
    /// Whether the event is known to continue an error of the previous event.
    var continuesError = false
  }

  /// A system field of CloudWatch that the carrier of an event contains; bytes as for `stream`.
  typealias Attribute = (name: StaticString, value: UnsafeBufferPointer<UInt8>)

  /// A remark for the user about the input.
  struct Remark {
    var kind: Notice.Kind
    /// The offset from the start of the window that was being read.
    var offset: Int
    var message: String
    /// The number of occurrences, the first being at `offset`.
    var count = 1
  }

  /// The bytes that the ranges of events refer to: those of the window, followed by the batch's
  /// own.
  struct Texts {
    fileprivate let window: UnsafeBufferPointer<UInt8>
    fileprivate let own: UnsafeBufferPointer<UInt8>

    subscript(range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
      let offset = range.lowerBound - window.count
      return UnsafeBufferPointer(
        rebasing: offset < 0 ? window[range] : own[offset..<offset + range.count])
    }
  }

  /// Limits on buffered input, for lines or values that do not end.
  struct Limits {
    /// The maximum size of an event's text in bytes; the rest is dropped.
    ///
    /// CloudWatch accepts 1 MB at most; other systems have no limit.
    var eventByteCount = 8 << 20
    /// The maximum size of a record with many events, such as a subscription's document of some ten
    /// MB; a longer record is dropped.
    var recordByteCount = 32 << 20
    /// The maximum number of streams with an index; beyond it the indexes start anew with the next
    /// piece, so that an input can contain any number of streams.
    var streamCount = 1 << 16

    var eventWords: String { Limits.words(eventByteCount) }
    var recordWords: String { Limits.words(recordByteCount) }

    private static func words(_ count: Int) -> String {
      count >> 20 > 0 ? "\(count >> 20) MB" : "\(count) bytes"
    }
  }

  /// The window; empty when its memory is not guaranteed to outlive the events.
  private var window = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
  private var ownBytes: [UInt8] = []
  private(set) var events: [Event] = []
  private(set) var remarks: [Remark] = []
  /// The offset in the window of the text being read, if it is a part of the window.
  var remarkOffset = 0
  /// The streams of events, by index; the first is for events that do not name their stream.
  private(set) var streams: [StreamTable.Names]
  /// Incremented when indexes get a new meaning.
  private(set) var streamGeneration = 0
  /// The stream whose last event began an error that continues in the next one regardless of its
  /// content.
  private var openStream: Int?
  private let openFirstBytes = Runtimes.openFirstBytes
  private var lastStream = 0
  private var lastStreamKey: [UInt8] = []
  private var streamIndexes: [StreamTable.Names: Int]

  let limits: Limits
  /// From the first year of Lambda on.
  static let plausibleTimes: Range<Int64> = 1_388_534_400_000..<4_102_444_800_000
  /// The years with four digits, which can be written and read again.
  private static let writableTimes: Range<Int64> = -62_167_219_200_000..<253_402_300_800_000

  /// Makes an empty batch for a file; events that do not name their stream belong to
  /// `defaultStream`.
  init(defaultStream: StreamTable.Names, limits: Limits = Limits()) {
    self.limits = limits
    streams = [defaultStream]
    streamIndexes = [defaultStream: 0]
  }

  /// Begins a window, which must stay in place until `removeEvents`: its text is not copied.
  mutating func begin(_ window: UnsafeBufferPointer<UInt8>) {
    self.window = window
  }

  /// Removes the events; the streams are kept, unless there are too many.
  mutating func removeEvents() {
    window = UnsafeBufferPointer(start: nil, count: 0)
    ownBytes.removeAll(keepingCapacity: true)
    events.removeAll(keepingCapacity: true)
    remarks.removeAll()
    if streams.count > limits.streamCount, openStream == nil { forgetStreams() }
  }

  private mutating func forgetStreams() {
    streams.removeSubrange(1...)
    streamIndexes = [streams[0]: 0]
    lastStream = 0
    streamGeneration += 1
  }

  /// Calls `body` with the texts of the events.
  func withTexts<Result, Failure: Error>(
    _ body: (Texts) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try ownBytes.withUnsafeBufferPointer { own throws(Failure) in
      try body(Texts(window: window, own: own))
    }
  }

  mutating func remark(_ kind: Notice.Kind, at offset: Int, _ message: String) {
    // A broken file would otherwise cause one for every line.
    if let known = remarks.firstIndex(where: { $0.message == message }) {
      remarks[known].count += 1
      return
    }
    remarks.append(Remark(kind: kind, offset: remarkOffset + offset, message: message))
  }

  /// Returns the index of a stream of the default log group, by its name.
  mutating func stream(named name: UnsafeBufferPointer<UInt8>) -> Int {
    stream(account: nil, group: nil, name: name)
  }

  /// Returns the index of a stream with the names that an event contains; others are those of the
  /// default stream.
  ///
  /// The bytes are those of JSON strings: escapes are resolved.
  mutating func stream(
    account: UnsafeBufferPointer<UInt8>?, group: UnsafeBufferPointer<UInt8>?,
    name: UnsafeBufferPointer<UInt8>?, attributes: [Attribute] = []
  ) -> Int {
    // Consecutive events mostly share a stream, and comparing 50 bytes is cheaper than hashing
    // them.
    if isLastStream(account, group, name, attributes) { return lastStream }
    var names = streams[0]
    if let account { names.account = text(account) }
    if let group { names.logGroup = text(group) }
    if let name { names.logStream = text(name) }
    if !attributes.isEmpty {
      let values = attributes.map { ("\($0.name)", text($0.value)) }
      names.attributes = StreamTable.Attributes(Dictionary(values) { first, _ in first })
    }
    lastStream = stream(names)
    lastStreamKey.removeAll(keepingCapacity: true)
    for part in [account, group, name] {
      if let part { lastStreamKey.append(contentsOf: part) }
      lastStreamKey.append(0)
    }
    for attribute in attributes {
      lastStreamKey.append(contentsOf: attribute.name.bytes)
      lastStreamKey.append(0)
      lastStreamKey.append(contentsOf: attribute.value)
      lastStreamKey.append(0)
    }
    return lastStream
  }

  private func isLastStream(
    _ account: UnsafeBufferPointer<UInt8>?, _ group: UnsafeBufferPointer<UInt8>?,
    _ name: UnsafeBufferPointer<UInt8>?, _ attributes: [Attribute]
  ) -> Bool {
    guard lastStream > 0 else { return false }
    return lastStreamKey.withUnsafeBufferPointer { key in
      var start = 0
      func takes(_ part: UnsafeBufferPointer<UInt8>?) -> Bool {
        let count = part?.count ?? 0
        guard start + count < key.count, key[start + count] == 0 else { return false }
        if let part, !key.holds(part, in: start..<start + count) { return false }
        start += count + 1
        return true
      }
      return takes(account) && takes(group) && takes(name)
        && attributes.allSatisfy { takes($0.name.bytes) && takes($0.value) } && start == key.count
    }
  }

  private func text(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    guard bytes.contains(UInt8(ascii: "\\")) else { return String(decoding: bytes, as: UTF8.self) }
    var text: [UInt8] = []
    JSONScanner.appendUnescaped(0..<bytes.count, of: bytes, to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// Returns the index of a stream.
  mutating func stream(_ names: StreamTable.Names) -> Int {
    if let index = streamIndexes[names] { return index }
    streams.append(names)
    streamIndexes[names] = streams.count - 1
    return streams.count - 1
  }

  /// The streams of the events in the batch.
  var usedStreams: [StreamTable.Names] { Set(events.map(\.stream)).sorted().map { streams[$0] } }

  /// Adds the text of a message or an event id; returns its range.
  ///
  /// It is copied unless it is a part of the window.
  mutating func append(_ text: UnsafeBufferPointer<UInt8>) -> Range<Int> {
    guard let offset = offsetInWindow(of: text) else { return append(text: text) }
    return offset..<offset + text.count
  }

  /// Adds lines of `window` as one text, joined by line ends; returns its range.
  mutating func append(
    lines: [Range<Int>], of window: UnsafeBufferPointer<UInt8>
  ) -> Range<Int> {
    guard let first = lines.first, let last = lines.last else { return 0..<0 }
    // Consecutive lines are one text already.
    let areNeighbours = zip(lines, lines.dropFirst()).allSatisfy { line, next in
      next.lowerBound == line.upperBound + 1 && window[line.upperBound] == 0x0A
    }
    if areNeighbours {
      return append(UnsafeBufferPointer(rebasing: window[first.lowerBound..<last.upperBound]))
    }
    let start = ownBytes.count
    ownBytes.append(contentsOf: window[first])
    for line in lines.dropFirst() {
      ownBytes.append(0x0A)
      ownBytes.append(contentsOf: window[line])
    }
    return ownRange(from: start)
  }

  /// Adds text with its JSON escapes resolved; returns its range.
  mutating func append(
    unescaping range: Range<Int>, of source: UnsafeBufferPointer<UInt8>
  ) -> Range<Int> {
    let range = range.clamped(to: 0..<source.count)
    let hasEscape =
      source.firstOffset(of: UInt8(ascii: "\\"), from: range.lowerBound, to: range.upperBound)
      != nil
    guard hasEscape else { return append(UnsafeBufferPointer(rebasing: source[range])) }
    let start = ownBytes.count
    JSONScanner.appendUnescaped(range, of: source, to: &ownBytes)
    return ownRange(from: start)
  }

  /// Adds text with its doubled quotes made single; returns its range.
  mutating func append(
    unquoting range: Range<Int>, of source: UnsafeBufferPointer<UInt8>
  ) -> Range<Int> {
    let quote = UInt8(ascii: "\"")
    let range = range.clamped(to: 0..<source.count)
    guard source.firstOffset(of: quote, from: range.lowerBound, to: range.upperBound) != nil else {
      return append(UnsafeBufferPointer(rebasing: source[range]))
    }
    let start = ownBytes.count
    var index = range.lowerBound
    while index < range.upperBound {
      let hit = source.firstOffset(of: quote, from: index, to: range.upperBound)
      let end = hit.map { $0 + 1 } ?? range.upperBound
      ownBytes.append(contentsOf: source[index..<end])
      // The second of the two.
      index = hit == nil ? end : end + 1
    }
    return ownRange(from: start)
  }

  /// Copies the bytes of a text; returns their range.
  mutating func append(text: some Sequence<UInt8>) -> Range<Int> {
    let start = ownBytes.count
    ownBytes.append(contentsOf: text)
    return ownRange(from: start)
  }

  private func offsetInWindow(of text: UnsafeBufferPointer<UInt8>) -> Int? {
    guard let start = text.baseAddress, let windowStart = window.baseAddress,
      start >= windowStart, start + text.count <= windowStart + window.count
    else { return nil }
    return start - windowStart
  }

  /// Returns the range of the bytes copied since there were `start` bytes.
  private func ownRange(from start: Int) -> Range<Int> {
    window.count + start..<window.count + ownBytes.count
  }

  // Inlined, so that an event stays in registers until it is stored.
  @inline(__always)
  mutating func append(_ event: Event) {
    let isPlain =
      openStream == nil
      && Self.plausibleTimes.contains(event.timestamp ?? Self.plausibleTimes.lowerBound)
      && Self.plausibleTimes.contains(event.ingestionTime ?? Self.plausibleTimes.lowerBound)
      && !mayBeOpen(event.message)
    if isPlain { events.append(event) } else { appendPeculiar(event) }
  }

  /// Appends an event that may need a remark.
  private mutating func appendPeculiar(_ event: Event) {
    var event = event
    if let time = event.timestamp, !Self.writableTimes.contains(time) {
      event.timestamp = nil
      remark(.lossy, at: 0, "there are times before the year 0 or after 9999, which are left out")
    }
    if let time = event.ingestionTime, !Self.writableTimes.contains(time) {
      event.ingestionTime = nil
      remark(.lossy, at: 0, "there are times before the year 0 or after 9999, which are left out")
    }
    if let time = event.timestamp, !Self.plausibleTimes.contains(time) {
      remark(.repaired, at: 0, "there are times before 2014 or after 2100; the unit may be another")
    }
    if let stream = openStream, stream == event.stream {
      event.continuesError = true
      openStream = nil
    }
    if mayBeOpen(event.message), withTexts({ Runtimes.isOpen($0[event.message]) }) {
      openStream = event.stream
    }
    events.append(event)
  }

  @inline(__always)
  private func mayBeOpen(_ text: Range<Int>) -> Bool {
    guard !text.isEmpty else { return false }
    let offset = text.lowerBound - window.count
    return openFirstBytes.contains(offset < 0 ? window[text.lowerBound] : ownBytes[offset])
  }
}

extension StaticString {
  fileprivate var bytes: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount)
  }
}
