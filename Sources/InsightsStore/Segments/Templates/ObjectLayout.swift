internal import InsightsText

/// Where the leaves of the JSON object are in the messages of a template.
///
/// Objects of one template differ only in what is in their slots. Where these are whole numbers, or
/// lie in strings, each object has the same leaves.
final class ObjectLayout {
  /// A leaf; `start` and `end` count from the slot before.
  private struct Leaf {
    var leaf: JSONLeafReader.Leaf
    var slotsBefore: Int
    var start: Int
    var slotsBeforeEnd: Int
    var end: Int
  }

  /// Where the object starts.
  let object: Int
  /// Whether only the first message of the template has been looked at.
  var isNew = true
  /// Leaves whose values are neither a slot nor static text alone, by their number.
  let mixedLeaves: [Int]
  /// The other leaves, each name once: its number, and the place of its value.
  let fields: [(name: Int32, field: TemplateField)]
  private let leaves: [Leaf]
  private let hasAllLeaves: Bool
  /// Where the object ends, counted from the last slot.
  private let end: Int

  /// The layout of a template by its first message, whose object `reader` has just read; fails
  /// where others of the template may have other leaves.
  init?(
    _ message: UnsafeBufferPointer<UInt8>, _ cut: TemplateEncoder.Cut, object: Int,
    _ reader: JSONLeafReader
  ) {
    let blank: UInt8 = 0x20
    let objectEnd = reader.end
    // Then there is only one object, wherever it is looked for.
    guard !reader.leaves.isEmpty, objectEnd <= message.count,
      message[..<object].allSatisfy({ $0 <= blank }),
      message[objectEnd...].allSatisfy({ $0 <= blank })
    else { return nil }
    self.object = object
    hasAllLeaves = reader.hasAllLeaves
    end = objectEnd - Self.stop(cut.slots.count, cut)
    var mixedLeaves: [Int] = []
    var fields: [(name: Int32, field: TemplateField)] = []
    var leaves: [Leaf] = []
    var slot = 0
    var names: Set<Int32> = []
    for (number, leaf) in reader.leaves.enumerated() {
      let start = Int(leaf.start)
      let end = Int(leaf.end)
      // A slot between leaves may be in a key.
      if slot < cut.slots.count, Self.start(slot, cut) < start { return nil }
      let first = slot
      while slot < cut.slots.count, Self.start(slot, cut) < end {
        guard Self.isInside(slot, cut, leaf, message) else { return nil }
        slot += 1
      }
      leaves.append(
        Leaf(
          leaf: leaf, slotsBefore: first, start: start - Self.stop(first, cut),
          slotsBeforeEnd: slot, end: end - Self.stop(slot, cut)))
      // Of several with one name the first counts; the empty name is that of an empty key.
      guard leaf.name > 0, names.insert(leaf.name).inserted else { continue }
      if slot == first, leaf.kind == .number,
        NumericText.isWide(UnsafeBufferPointer(rebasing: message[start..<end]))
      {
        // An integer beyond 64 bits is read from the message.
        mixedLeaves.append(number)
      } else if slot == first {
        let text = start - Self.shift(first, cut)..<end - Self.shift(first, cut)
        fields.append(
          (leaf.name, TemplateField(template: cut.template, kind: leaf.kind, place: .text(text))))
      } else if slot == first + 1, Self.start(first, cut) == start, Self.stop(slot, cut) == end {
        fields.append(
          (leaf.name, TemplateField(template: cut.template, kind: leaf.kind, place: .slot(first))))
      } else {
        mixedLeaves.append(number)
      }
    }
    if slot < cut.slots.count { return nil }
    self.mixedLeaves = mixedLeaves
    self.fields = fields
    self.leaves = leaves
  }

  /// Whether a slot lies in a leaf so that it is one, whatever the slot has.
  private static func isInside(
    _ slot: Int, _ cut: TemplateEncoder.Cut, _ leaf: JSONLeafReader.Leaf,
    _ message: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    let start = start(slot, cut)
    let stop = stop(slot + 1, cut)
    guard stop <= Int(leaf.end) else { return false }
    switch leaf.kind {
    case .string:
      // What stands behind a backslash is part of an escape.
      return start == Int(leaf.start) || message[start - 1] != UInt8(ascii: "\\")
    case .number:
      let type = MessageTemplates.slot(cut.slots[slot])
      return start == Int(leaf.start) && stop == Int(leaf.end)
        && (type == .integer || type == .decimal)
    case .object, .array, .true, .false, .null: return false
    }
  }

  /// Where the message goes on behind so many slots.
  @inline(__always)
  private static func stop(_ count: Int, _ cut: TemplateEncoder.Cut) -> Int {
    count == 0 ? 0 : Int(cut.stops[count - 1])
  }

  /// How much further than in the static text something is behind so many slots.
  private static func shift(_ count: Int, _ cut: TemplateEncoder.Cut) -> Int {
    count == 0 ? 0 : stop(count, cut) - MessageTemplates.offset(cut.slots[count - 1])
  }

  private static func start(_ slot: Int, _ cut: TemplateEncoder.Cut) -> Int {
    MessageTemplates.offset(cut.slots[slot]) + shift(slot, cut)
  }

  /// Tells a reader what is in another message of the template; `room` is for its leaves.
  func tell(
    _ reader: JSONLeafReader, of message: UnsafeBufferPointer<UInt8>, _ cut: TemplateEncoder.Cut,
    room: inout [JSONLeafReader.Leaf]
  ) {
    room.removeAll(keepingCapacity: true)
    for leaf in leaves {
      var known = leaf.leaf
      known.start = Int32(truncatingIfNeeded: leaf.start + Self.stop(leaf.slotsBefore, cut))
      known.end = Int32(truncatingIfNeeded: leaf.end + Self.stop(leaf.slotsBeforeEnd, cut))
      room.append(known)
    }
    room.withUnsafeBufferPointer {
      reader.expect(
        $0, hasAllLeaves: hasAllLeaves, object: object,
        end: end + Self.stop(cut.slots.count, cut), in: message)
    }
  }
}
