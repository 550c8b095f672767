internal import InsightsText

/// How far occurrences of a literal have come at a place of a text: a bit for each of its bytes,
/// set where the literal up to that byte ends at the place.
///
/// Of a literal only the first 63 bytes are followed: a place that has these may have the whole.
struct LiteralStates {
  typealias States = UInt64

  /// By byte of a text: the places of the literal where it may stand.
  private let masks: [States]
  /// Whether the literal has more bytes than are followed.
  let isCut: Bool
  /// The state of a whole occurrence.
  let whole: States
  /// States from which one byte beyond ASCII may be any end; see `LiteralSearch.spellings`.
  private let shifting: States
  let count: Int

  private static let countLimit = 63

  init(_ search: LiteralSearch) {
    let spellings = search.spellings.prefix(Self.countLimit)
    count = spellings.count
    isCut = search.bytes.count > count
    whole = 1 << UInt64(count - 1)
    var masks = [States](repeating: 0, count: 256)
    var shifting: States = 0
    for (place, spelling) in spellings.enumerated() {
      for text in spelling {
        if text.count == 1 {
          masks[Int(text[0])] |= 1 << UInt64(place)
        } else {
          shifting |= 1 << UInt64(place)
        }
      }
    }
    self.masks = masks
    self.shifting = shifting
  }

  /// The states behind a byte.
  @inline(__always)
  func next(_ states: States, _ byte: UInt8) -> States {
    let begun = states << 1 | 1
    if byte >= 0x80, begun & shifting != 0 { return whole }
    return begun & masks[Int(byte)]
  }

  /// The states behind a byte without that of an occurrence that begins with it.
  @inline(__always)
  func nextOfBegun(_ states: States, _ byte: UInt8) -> States {
    states << 1 & masks[Int(byte)]
  }

  /// The states before a byte from which the literal goes on to be whole, by those behind it.
  @inline(__always)
  func previous(_ states: States, _ byte: UInt8) -> States {
    if byte >= 0x80 { return ((masks[Int(byte)] & (states | whole)) | shifting) >> 1 }
    return (masks[Int(byte)] & (states | whole)) >> 1
  }

  /// Bytes that may stand at a place.
  struct ByteClass {
    /// Their masks together.
    fileprivate var mask: States = 0
    /// The states that bytes beyond ASCII, if there are any, let be any end.
    fileprivate var shifting: States = 0
  }

  func byteClass(of bytes: some Sequence<UInt8>) -> ByteClass {
    bytes.reduce(into: ByteClass()) { result, byte in
      result.mask |= masks[Int(byte)]
      if byte >= 0x80 { result.shifting = shifting }
    }
  }

  /// Whether a byte may be any end of some occurrence.
  @inline(__always)
  func isShifting(_ byte: UInt8) -> Bool { byte >= 0x80 && shifting != 0 }

  /// The states behind a run of 1 to `limit` bytes of a class.
  func next(_ states: States, _ bytes: ByteClass, limit: Int) -> States {
    var last = states
    var all: States = 0
    for _ in 0..<min(limit, count + 1) {
      let begun = last << 1 | 1
      last = begun & bytes.mask | (begun & bytes.shifting != 0 ? whole : 0)
      if last & ~all == 0 { return all }
      all |= last
    }
    return all
  }

  /// The states before such a run, by those behind it.
  func previous(_ states: States, _ bytes: ByteClass, limit: Int) -> States {
    var last = states
    var all: States = 0
    for _ in 0..<min(limit, count + 1) {
      last = (bytes.mask & (last | whole) | bytes.shifting) >> 1
      if last & ~all == 0 { return all }
      all |= last
    }
    return all
  }
}

/// What one of several distinct texts can do for a literal.
struct LiteralEntry {
  /// Whether it may have the whole literal.
  var isHit = false
  /// Whether it has the whole literal for certain.
  var isCertain = false
  /// The states behind it of occurrences that begin in it.
  var begun: LiteralStates.States = 0
  /// The states before it from which the literal ends in it.
  var ended: LiteralStates.States = 0
  /// The states before it from which the literal goes on through all of it; behind it they are
  /// `length` places further.
  var passed: LiteralStates.States = 0
  var length: UInt64 = 0

  init(_ text: UnsafeBufferPointer<UInt8>, _ literal: LiteralStates) {
    length = UInt64(text.count)
    var states: LiteralStates.States = 0
    for byte in text {
      states = literal.next(states, byte)
      if states & literal.whole != 0 || literal.isShifting(byte) { isHit = true }
    }
    isCertain = isHit && !literal.isCut && !text.contains(where: literal.isShifting)
    begun = states
    // From behind: an occurrence that goes on beyond the text is told apart by `passed`.
    var alive = literal.whole &- 1
    var offset: UInt64 = 0
    for byte in text {
      alive = literal.nextOfBegun(alive, byte)
      offset += 1
      if alive & literal.whole != 0 {
        if UInt64(literal.count) > offset {
          ended |= literal.whole >> offset
        }
        alive &= ~literal.whole
      }
      if alive == 0 { return }
    }
    passed = alive >> offset
  }

  /// The states behind the text.
  @inline(__always)
  func next(_ states: LiteralStates.States) -> LiteralStates.States {
    begun | (length < 64 ? (states & passed) << length : 0)
  }

  /// Whether an occurrence may be in it, or reach into it, by the states before and behind it.
  @inline(__always)
  func isPossible(
    from states: LiteralStates.States, to behind: LiteralStates.States
  ) -> Bool {
    isHit || ended & states != 0 || next(states) & behind != 0
  }
}
