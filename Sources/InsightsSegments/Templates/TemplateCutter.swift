internal import InsightsText

/// Splits messages into static text and variables.
///
/// A variable is a run of letters, digits, `-` and `_` that contains a digit, or a part of such a
/// run. Its type is the most specific one that reproduces its bytes. One cutter processes all
/// messages of a segment, and has their UUIDs and their dictionary.
struct TemplateCutter: ~Copyable {
  /// The static text of the last message.
  private(set) var text = GrowingBuffer<UInt8>(capacity: 4096)
  /// Its slots, as `TemplateSlot.packed`.
  private(set) var slots = GrowingBuffer<UInt64>(capacity: TemplateSlot.limit)
  /// Whether a UUID or time of the last message is adjacent to a byte that may be part of another
  /// UUID.
  private(set) var hasTouchingVariable = false
  /// The values of all messages, concatenated.
  private(set) var values = GrowingBuffer<Int64>(capacity: 65_536)
  /// For each value, the offset in its message after it.
  private(set) var stops = GrowingBuffer<Int32>(capacity: 65_536)
  /// The UUIDs in the order of their first occurrence, two words each.
  private(set) var uuids = GrowingBuffer<UInt64>(capacity: 4096)
  private var uuidNumbers = InternTable()
  /// The text and the number of the last UUID: adjacent messages mostly have the same one, and
  /// comparing is cheaper than parsing.
  private var lastUUID = UUIDText()
  private var lastUUIDNumber = 0
  private(set) var texts = GrowingBuffer<UInt8>(capacity: 4096)
  /// The start of each text of the dictionary, followed by the end of the last one.
  private(set) var textOffsets = GrowingBuffer<Int>(capacity: 1024)
  private var textNumbers = InternTable()
  private var times = TimeLayout()
  /// Whether JSON strings without digits are variables too.
  var takesStrings = false

  init() {
    textOffsets.append(0)
  }

  var uuidCount: Int { uuidNumbers.count }
  var textCount: Int { textNumbers.count }

  /// Resets the cutter for the next segment.
  mutating func removeAll() {
    values.count = 0
    stops.count = 0
    uuids.count = 0
    uuidNumbers.removeAll()
    lastUUID = UUIDText()
    texts.count = 0
    textOffsets.count = 1
    textNumbers.removeAll()
    takesStrings = false
  }

  private enum ByteClass {
    static let other: UInt8 = 0
    static let digit: UInt8 = 1
    static let word: UInt8 = 2

    /// The class of each byte; a pointer, since it is read without bounds checks.
    nonisolated(unsafe) static let table: UnsafePointer<UInt8> = {
      let table = UnsafeMutablePointer<UInt8>.allocate(capacity: 256)
      for byte in UInt8.min...UInt8.max {
        let isLetter = (byte | 0x20) &- UInt8(ascii: "a") < 26
        table[Int(byte)] =
          DecimalDigits.isDigit(byte)
          ? digit
          : isLetter || byte >= 0x80 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
            ? word : other
      }
      return UnsafePointer(table)
    }()
  }

  /// Splits a message: `text` and `slots` become its template, and its variables are appended to
  /// `values`.
  mutating func cut(_ message: UnsafeBufferPointer<UInt8>, event: Int64) {
    text.count = 0
    slots.count = 0
    hasTouchingVariable = false
    guard let bytes = message.baseAddress else { return }
    let end = message.count
    text.reserve(end)
    slots.reserve(TemplateSlot.limit)
    values.reserve(TemplateSlot.limit)
    stops.reserve(TemplateSlot.limit)
    let classes = ByteClass.table
    // The first byte that has not been processed, and the position where the search continues.
    var rest = 0
    var place = 0
    let hasStrings = takesStrings && end > 0 && bytes[0] == UInt8(ascii: "{")
    while slots.count < TemplateSlot.limit {
      place =
        hasStrings
        ? takeStrings(bytes, &rest, from: place, to: end)
        : DecimalDigits.firstOffset(in: bytes, from: place, to: end)
      guard place < end, slots.count < TemplateSlot.limit else { break }
      var start = place
      while start > rest, classes[Int(bytes[start &- 1])] == ByteClass.word { start &-= 1 }
      var stop = place &+ 1
      var seen = ByteClass.digit
      while stop < end {
        let byteClass = classes[Int(bytes[stop])]
        if byteClass == ByteClass.other { break }
        seen |= byteClass
        stop &+= 1
      }
      if stop &- start >= 10, takeLong(message, bytes, start, stop, end, event, &rest) {
        place = rest
        if rest < end, UUIDFilterBuilder.mayBePart(bytes[rest]) { hasTouchingVariable = true }
        continue
      }
      let isNegative = start < place && bytes[start] == UInt8(ascii: "-")
      let digits = isNegative ? start &+ 1 : start
      if seen == ByteClass.digit, digits == place, stop &- digits <= 18,
        takeNumber(bytes, start, digits, stop, end, isNegative, classes, &rest)
      {
        place = rest
        continue
      }
      take(bytes, &rest, start, stop, .text, Int64(number(ofText: bytes + start, stop &- start)))
      place = stop
    }
    text.append(bytes + rest, count: end &- rest)
  }

  /// Adds a variable, and the static text before it.
  @inline(__always)
  private mutating func take(
    _ bytes: UnsafePointer<UInt8>, _ rest: inout Int, _ start: Int, _ stop: Int,
    _ slot: TemplateSlot, _ value: Int64
  ) {
    text.append(bytes + rest, count: start &- rest)
    slots.appendReserved(slot.packed(at: text.count))
    values.appendReserved(value)
    stops.appendReserved(Int32(truncatingIfNeeded: stop))
    rest = stop
  }

  /// Adds a UUID or a time, if there is one.
  @inline(__always)
  private mutating func takeLong(
    _ message: UnsafeBufferPointer<UInt8>, _ bytes: UnsafePointer<UInt8>, _ start: Int,
    _ stop: Int, _ end: Int, _ event: Int64, _ rest: inout Int
  ) -> Bool {
    if stop &- start >= UUID.textLength {
      if takeUUID(message, bytes, start, &rest) { return true }
      // A prefix may precede it.
      let first = stop &- UUID.textLength
      if first > start, takeUUID(message, bytes, first, &rest) {
        if UUIDFilterBuilder.mayBePart(bytes[first &- 1]) { hasTouchingVariable = true }
        return true
      }
    }
    guard let time = times.time(in: bytes, at: start, end: end) else { return false }
    take(
      bytes, &rest, start, start &+ time.byteCount, time.slot,
      TimeLayout.value(of: time.milliseconds, time.slot, event: event))
    return true
  }

  @inline(__always)
  private mutating func takeUUID(
    _ message: UnsafeBufferPointer<UInt8>, _ bytes: UnsafePointer<UInt8>, _ start: Int,
    _ rest: inout Int
  ) -> Bool {
    guard bytes[start &+ 8] == UInt8(ascii: "-") else { return false }
    let text = UUIDText(bytes + start)
    if text != lastUUID {
      guard let uuid = HexadecimalDigits.uuid(in: message, at: start) else { return false }
      lastUUIDNumber = number(ofUUID: uuid.high, uuid.low)
      lastUUID = text
    }
    take(bytes, &rest, start, start &+ UUID.textLength, .uuid, Int64(lastUUIDNumber))
    return true
  }

  /// The bytes of a UUID's text.
  private struct UUIDText: Equatable {
    var start: SIMD4<UInt64> = .zero
    var end: UInt32 = 0

    init() {}

    @inline(__always)
    init(_ bytes: UnsafePointer<UInt8>) {
      let raw = UnsafeRawPointer(bytes)
      start = raw.loadUnaligned(as: SIMD4<UInt64>.self)
      end = raw.loadUnaligned(fromByteOffset: 32, as: UInt32.self)
    }
  }

  /// Adds a number, if there is one; `stop` is the end of the digits before the decimal point.
  @inline(__always)
  private mutating func takeNumber(
    _ bytes: UnsafePointer<UInt8>, _ start: Int, _ digits: Int, _ stop: Int, _ end: Int,
    _ isNegative: Bool, _ classes: UnsafePointer<UInt8>, _ rest: inout Int
  ) -> Bool {
    if bytes[digits] == UInt8(ascii: "0"), stop &- digits > 1 { return false }
    var value: Int64 = 0
    for place in digits..<stop { value = value &* 10 &+ Int64(bytes[place] &- UInt8(ascii: "0")) }
    let point = UInt8(ascii: ".")
    if stop &+ 1 < end, bytes[stop] == point, DecimalDigits.isDigit(bytes[stop &+ 1]),
      start == 0 || bytes[start &- 1] != point
    {
      var last = stop &+ 1
      let limit = min(end, last &+ DecimalValue.scaleLimit)
      var decimal = value
      while last < limit, DecimalDigits.isDigit(bytes[last]) {
        if last &- digits > DecimalValue.digitLimit { break }
        decimal = decimal &* 10 &+ Int64(bytes[last] &- UInt8(ascii: "0"))
        last &+= 1
      }
      let isLast =
        last == end
        || classes[Int(bytes[last])] == ByteClass.other
          && !(bytes[last] == point && last &+ 1 < end && DecimalDigits.isDigit(bytes[last &+ 1]))
      if isLast, last &- digits &- 1 <= DecimalValue.digitLimit, !(isNegative && decimal == 0) {
        let packed = DecimalValue(
          digits: isNegative ? -decimal : decimal, scale: last &- stop &- 1
        ).packed
        take(bytes, &rest, start, last, .decimal, packed)
        return true
      }
    }
    if isNegative, value == 0 { return false }
    take(bytes, &rest, start, stop, .integer, isNegative ? -value : value)
    return true
  }

  // MARK: Strings of JSON

  /// The maximum size of a variable string in bytes; longer strings are static text.
  private static let stringLimit = 128

  /// Adds JSON strings without digits, escapes and control characters, up to the next digit;
  /// returns the offset of that digit.
  private mutating func takeStrings(
    _ bytes: UnsafePointer<UInt8>, _ rest: inout Int, from start: Int, to end: Int
  ) -> Int {
    let quote = UInt8(ascii: "\"")
    var place = start
    while place < end, !DecimalDigits.isDigit(bytes[place]) {
      defer { place &+= 1 }
      guard bytes[place] == quote, slots.count < TemplateSlot.limit,
        Self.isValue(bytes, at: place, from: rest)
      else { continue }
      let first = place &+ 1
      var stop = first
      let limit = min(end, first &+ Self.stringLimit)
      while stop < limit, bytes[stop] != quote, bytes[stop] != UInt8(ascii: "\\"),
        !DecimalDigits.isDigit(bytes[stop]), bytes[stop] >= 0x20
      {
        stop &+= 1
      }
      guard stop < limit, stop > first, bytes[stop] == quote else { continue }
      take(bytes, &rest, first, stop, .text, Int64(number(ofText: bytes + first, stop &- first)))
      place = stop
    }
    return place
  }

  /// Whether a string follows a colon.
  private static func isValue(_ bytes: UnsafePointer<UInt8>, at place: Int, from start: Int) -> Bool
  {
    guard place > start else { return false }
    if bytes[place - 1] == UInt8(ascii: ":") { return true }
    return place > start + 1 && bytes[place - 1] == UInt8(ascii: " ")
      && bytes[place - 2] == UInt8(ascii: ":")
  }

  // MARK: UUIDs and texts

  @inline(__always)
  private mutating func number(ofUUID high: UInt64, _ low: UInt64) -> Int {
    let known = uuids.start
    let hash = WordHash.mix(high, low)
    let (number, isNew) = uuidNumbers.number(of: hash ^ hash >> 32) {
      known[2 &* $0] == high && known[2 &* $0 &+ 1] == low
    }
    if isNew {
      uuids.append(high)
      uuids.append(low)
    }
    return number
  }

  @inline(__always)
  private mutating func number(ofText bytes: UnsafePointer<UInt8>, _ count: Int) -> Int {
    let known = texts.start
    let offsets = textOffsets.start
    let (number, isNew) = textNumbers.number(of: WordHash.hash(bytes, count: count)) {
      offsets[$0 &+ 1] &- offsets[$0] == count
        && WordHash.isSame(known + offsets[$0], bytes, count: count)
    }
    if isNew {
      texts.append(bytes, count: count)
      textOffsets.append(texts.count)
    }
    return number
  }
}
