internal import InsightsText

/// The progress of a literal's occurrences at a position of a text, as a bit set (bit-parallel
/// matching).
///
/// Bit n is set if the first n + 1 bytes of the literal end at the position. Only the first 63
/// bytes of a literal are matched: where these occur, the whole literal may occur.
///
/// A class with its table inside, so that the loops over bytes count no references.
final class LiteralStates: Sendable {
  typealias States = UInt64

  /// For each byte value, the positions in the literal at which it may occur.
  private let masks: InlineArray<256, States>
  /// Whether the literal is longer than the matched prefix.
  let isCut: Bool
  /// The bit of a complete occurrence.
  let whole: States
  /// The positions at which a character beyond ASCII may replace one of the literal, so that
  /// everything after it is uncertain; see `LiteralSearch.spellings`.
  private let shifting: States
  let count: Int

  private static let countLimit = 63

  init(_ search: LiteralSearch) {
    let spellings = search.spellings.prefix(Self.countLimit)
    count = spellings.count
    isCut = search.bytes.count > count
    whole = 1 << UInt64(count - 1)
    var masks = InlineArray<256, States>(repeating: 0)
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

  /// Returns the states after a byte.
  @inline(__always)
  func next(_ states: States, _ byte: UInt8) -> States {
    let begun = states << 1 | 1
    if byte >= 0x80, begun & shifting != 0 { return whole }
    return begun & masks[Int(byte)]
  }

  /// Returns the states after a byte, without an occurrence that begins with it.
  @inline(__always)
  func nextOfBegun(_ states: States, _ byte: UInt8) -> States {
    states << 1 & masks[Int(byte)]
  }

  /// Returns the states before a byte from which the literal can be completed, given those after
  /// it.
  @inline(__always)
  func previous(_ states: States, _ byte: UInt8) -> States {
    if byte >= 0x80 { return ((masks[Int(byte)] & (states | whole)) | shifting) >> 1 }
    return (masks[Int(byte)] & (states | whole)) >> 1
  }

  /// The set of bytes that may occur at a position.
  struct ByteClass {
    /// The combined masks of the bytes.
    fileprivate var mask: States = 0
    /// The positions at which a byte beyond ASCII in the set makes the rest uncertain.
    fileprivate var shifting: States = 0

    /// Whether no byte can be a part of the literal.
    var isEmpty: Bool { mask == 0 && shifting == 0 }
  }

  func byteClass(of bytes: some Sequence<UInt8>) -> ByteClass {
    var result = ByteClass()
    for byte in bytes { extend(&result, by: byte) }
    return result
  }

  /// Adds a byte to a class.
  func extend(_ result: inout ByteClass, by byte: UInt8) {
    result.mask |= masks[Int(byte)]
    if byte >= 0x80 { result.shifting = shifting }
  }

  /// Returns false if a text of at least two bytes, which does not contain the literal, certainly
  /// is no part of an occurrence, according to the bytes at its ends.
  ///
  /// Not for literals that are cut or may shift.
  @inline(__always)
  func mayOverlap(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    let end = text.count - 1
    let begun = masks[Int(text[end])] & (masks[Int(text[end - 1])] << 1 | 1)
    let ended = masks[Int(text[0])] & (masks[Int(text[1])] >> 1 | whole)
    return begun & ~whole | ended & ~1 != 0
  }

  /// Whether there are bytes that may complete any occurrence.
  var mayShift: Bool { shifting != 0 }

  /// Whether a byte may complete any occurrence.
  @inline(__always)
  func isShifting(_ byte: UInt8) -> Bool { byte >= 0x80 && shifting != 0 }

  /// Returns the states after a run of 1 to `limit` bytes of a class.
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

  /// Returns the states before such a run from which the literal can be completed, given those
  /// after it.
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

/// The effect of a text from a dictionary on the states of a literal.
struct LiteralEntry {
  /// Whether the message may contain the whole literal.
  var isHit = false
  /// Whether the message certainly contains the whole literal.
  var isCertain = false
  /// The states after the text of occurrences that begin in it.
  var begun: LiteralStates.States = 0
  /// The states before the text from which the literal ends in it.
  var ended: LiteralStates.States = 0
  /// The states before the text of occurrences that continue beyond its end; after it they have
  /// advanced by `length` bytes.
  var passed: LiteralStates.States = 0
  var length: UInt64 = 0

  /// Whether the text can be a part of an occurrence.
  var isRelevant: Bool { isHit || begun | ended | passed != 0 }

  init(_ text: UnsafeBufferPointer<UInt8>, _ literal: LiteralStates) {
    length = UInt64(text.count)
    var states: LiteralStates.States = 0
    for byte in text {
      states = literal.next(states, byte)
      if states & literal.whole != 0 || literal.isShifting(byte) { isHit = true }
    }
    isCertain = isHit && !literal.isCut && !text.contains(where: literal.isShifting)
    begun = states
    // Occurrences that continue beyond the text are recorded separately, in `passed`.
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

  /// Returns the states after the text.
  @inline(__always)
  func next(_ states: LiteralStates.States) -> LiteralStates.States {
    begun | (length < 64 ? (states & passed) << length : 0)
  }

  /// Whether an occurrence may overlap the text, given the states before and after it.
  @inline(__always)
  func isPossible(
    from states: LiteralStates.States, to behind: LiteralStates.States
  ) -> Bool {
    isHit || ended & states != 0 || next(states) & behind != 0
  }
}
