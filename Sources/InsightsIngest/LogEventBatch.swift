internal import InsightsStore
internal import InsightsText

/// Events on their way from a log format to the store: records over one arena of bytes.
struct LogEventBatch {
  /// An event; ranges are offsets into the batch's `bytes`.
  struct Event {
    /// Epoch milliseconds.
    var timestamp: Int64?
    /// Epoch milliseconds.
    var ingestionTime: Int64?
    /// An index into the batch's `streams`.
    var stream: Int = 0
    /// Empty where the input has no event ids.
    var eventID: Range<Int> = 0..<0
    var message: Range<Int>
    /// Whether the event is known to go on with an error that the one before it began.
    var continuesError = false
  }

  /// Something about the input that the user should know.
  struct Remark {
    var kind: Notice.Kind
    /// From the start of the window that was being read.
    var offset: Int
    var message: String
  }

  /// What is gathered in memory of an input that does not end a line or a value.
  struct Limits {
    /// The text of one event; more is left out.
    ///
    /// CloudWatch takes 1 MB at most, others have no limit.
    var eventByteCount = 8 << 20
    /// A record that may hold many events, as a subscription's document of some ten MB; one that is
    /// longer is left out.
    var recordByteCount = 32 << 20

    var eventWords: String { Limits.words(eventByteCount) }
    var recordWords: String { Limits.words(recordByteCount) }

    private static func words(_ count: Int) -> String {
      count >> 20 > 0 ? "\(count >> 20) MB" : "\(count) bytes"
    }
  }

  private(set) var bytes: [UInt8] = []
  private(set) var events: [Event] = []
  private(set) var remarks: [Remark] = []
  /// The streams seen in the file so far; the first is that of events that do not say.
  private(set) var streams: [StreamTable.Names]
  /// The stream whose last event was the first line of a panic.
  private var panicStream: Int?
  private var lastStream = 0
  private var lastStreamKey: [UInt8] = []
  private var streamIndexes: [StreamTable.Names: Int]

  let limits: Limits
  /// From the first year of Lambda on.
  private static let plausibleTimes: Range<Int64> = 1_388_534_400_000..<4_102_444_800_000

  /// An empty batch of a file whose events, where they do not say it, belong to `defaultStream`.
  init(defaultStream: StreamTable.Names, limits: Limits = Limits()) {
    self.limits = limits
    streams = [defaultStream]
    streamIndexes = [defaultStream: 0]
  }

  /// Forgets the events; the streams stay known.
  mutating func removeEvents() {
    bytes.removeAll(keepingCapacity: true)
    events.removeAll(keepingCapacity: true)
    remarks.removeAll()
  }

  mutating func remark(_ kind: Notice.Kind, at offset: Int, _ message: String) {
    // A broken file would give one for every byte otherwise.
    guard !remarks.contains(where: { $0.message == message }) else { return }
    remarks.append(Remark(kind: kind, offset: offset, message: message))
  }

  /// The index of a stream of the default log group, by its name.
  mutating func stream(named name: UnsafeBufferPointer<UInt8>) -> Int {
    stream(account: nil, group: nil, name: name)
  }

  /// The index of a stream, as far as an event tells it; the rest is the default stream's.
  ///
  /// The bytes are those of JSON strings: escapes are resolved.
  mutating func stream(
    account: UnsafeBufferPointer<UInt8>?, group: UnsafeBufferPointer<UInt8>?,
    name: UnsafeBufferPointer<UInt8>?
  ) -> Int {
    // Neighbours mostly share a stream: comparing 50 bytes is cheaper than hashing them.
    if isLastStream(account, group, name) { return lastStream }
    var names = streams[0]
    if let account { names.account = text(account) }
    if let group { names.logGroup = text(group) }
    if let name { names.logStream = text(name) }
    lastStream = stream(names)
    lastStreamKey.removeAll(keepingCapacity: true)
    for part in [account, group, name] {
      if let part { lastStreamKey.append(contentsOf: part) }
      lastStreamKey.append(0)
    }
    return lastStream
  }

  private func isLastStream(
    _ account: UnsafeBufferPointer<UInt8>?, _ group: UnsafeBufferPointer<UInt8>?,
    _ name: UnsafeBufferPointer<UInt8>?
  ) -> Bool {
    guard lastStream > 0 else { return false }
    return lastStreamKey.withUnsafeBufferPointer { key in
      var start = 0
      for part in [account, group, name] {
        let count = part?.count ?? 0
        guard start + count < key.count, key[start + count] == 0 else { return false }
        if let part, !key.holds(part, in: start..<start + count) { return false }
        start += count + 1
      }
      return start == key.count
    }
  }

  private func text(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    guard bytes.contains(UInt8(ascii: "\\")) else { return String(decoding: bytes, as: UTF8.self) }
    var text: [UInt8] = []
    JSONScanner.appendUnescaped(0..<bytes.count, of: bytes, to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// The index of a stream.
  mutating func stream(_ names: StreamTable.Names) -> Int {
    if let index = streamIndexes[names] { return index }
    streams.append(names)
    streamIndexes[names] = streams.count - 1
    return streams.count - 1
  }

  /// Copies bytes into the arena, for a message or an event id, and gives their place.
  mutating func append(_ source: UnsafeBufferPointer<UInt8>) -> Range<Int> {
    let start = bytes.count
    bytes.append(contentsOf: source)
    return start..<bytes.count
  }

  /// Appends text with its JSON escapes resolved.
  mutating func append(
    unescaping range: Range<Int>, of source: UnsafeBufferPointer<UInt8>
  ) -> Range<Int> {
    let start = bytes.count
    JSONScanner.appendUnescaped(range, of: source, to: &bytes)
    return start..<bytes.count
  }

  /// Appends one byte to the arena.
  mutating func append(byte: UInt8) {
    bytes.append(byte)
  }

  /// Appends the bytes of a text to the arena, and gives their place.
  mutating func append(text: some Sequence<UInt8>) -> Range<Int> {
    let start = bytes.count
    bytes.append(contentsOf: text)
    return start..<bytes.count
  }

  mutating func append(_ event: Event) {
    var event = event
    if let time = event.timestamp, !Self.plausibleTimes.contains(time) {
      remark(.repaired, at: 0, "there are times before 2014 or after 2100; the unit may be another")
    }
    // What a panic of Rust says stands on the line below, which may be any text.
    if let stream = panicStream, stream == event.stream {
      event.continuesError = true
      panicStream = nil
    }
    let endsInColon = bytes.withUnsafeBufferPointer { bytes in
      let message = UnsafeBufferPointer(rebasing: bytes[event.message])
      guard message.first == UInt8(ascii: "t"), RustErrors.isPanic(message) else { return false }
      return message.last { $0 > 0x20 } == UInt8(ascii: ":")
    }
    if endsInColon { panicStream = event.stream }
    events.append(event)
  }
}
