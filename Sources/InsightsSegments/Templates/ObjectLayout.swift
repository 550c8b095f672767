internal import InsightsText

/// The locations of the leaves of the JSON object in the messages of a template.
///
/// Messages of one template differ only in the values of their slots. If every slot is a number, or
/// is inside a string, all objects have the same leaves.
final class ObjectLayout {
  /// A leaf; `start` and `end` are relative to the end of the preceding slot.
  private struct Leaf {
    var leaf: JSONLeafReader.Leaf
    var slotsBefore: Int
    var start: Int
    var slotsBeforeEnd: Int
    var end: Int
  }

  /// The offset of the object.
  let object: Int
  /// Whether only the first message of the template has been read.
  var isNew = true
  /// The numbers of leaves whose values are neither a single slot nor static text.
  let mixedLeaves: [Int]
  /// The other leaves, one for each name: the number of the name, and the location of the value.
  let fields: [(name: Int32, field: TemplateField)]
  private let leaves: [Leaf]
  private let hasAllLeaves: Bool
  /// The end of the object, relative to the end of the last slot.
  private let end: Int

  /// Derives the layout from the first message of a template, whose object `reader` has just read;
  /// `nil` if other messages of the template may have other leaves.
  init?(
    _ message: UnsafeBufferPointer<UInt8>, _ cut: TemplateEncoder.Cut, object: Int,
    _ reader: JSONLeafReader
  ) {
    let blank: UInt8 = 0x20
    let objectEnd = reader.end
    // The message must consist of the object alone, so that any search for an object finds this
    // one.
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
      // The slot may be in a key.
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
      // Of several leaves with one name the first counts; the empty name is that of an empty key.
      guard leaf.name > 0, names.insert(leaf.name).inserted else { continue }
      if slot == first, leaf.kind == .number,
        NumericText.isWide(UnsafeBufferPointer(rebasing: message[start..<end]))
      {
        // An integer beyond 64 bits must be read from the message.
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

  /// Whether the leaf remains a leaf whatever the value of the slot in it.
  private static func isInside(
    _ slot: Int, _ cut: TemplateEncoder.Cut, _ leaf: JSONLeafReader.Leaf,
    _ message: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    let start = start(slot, cut)
    let stop = stop(slot + 1, cut)
    guard stop <= Int(leaf.end) else { return false }
    switch leaf.kind {
    case .string:
      // A character after a backslash is part of an escape.
      return start == Int(leaf.start) || message[start - 1] != UInt8(ascii: "\\")
    case .number:
      let type = MessageTemplates.slot(cut.slots[slot])
      return start == Int(leaf.start) && stop == Int(leaf.end)
        && (type == .integer || type == .decimal)
    case .object, .array, .true, .false, .null: return false
    }
  }

  /// Returns the offset in the message after `count` slots.
  @inline(__always)
  private static func stop(_ count: Int, _ cut: TemplateEncoder.Cut) -> Int {
    count == 0 ? 0 : Int(cut.stops[count - 1])
  }

  /// Returns the difference between offsets in the message and in the static text after `count`
  /// slots.
  private static func shift(_ count: Int, _ cut: TemplateEncoder.Cut) -> Int {
    count == 0 ? 0 : stop(count, cut) - MessageTemplates.offset(cut.slots[count - 1])
  }

  private static func start(_ slot: Int, _ cut: TemplateEncoder.Cut) -> Int {
    MessageTemplates.offset(cut.slots[slot]) + shift(slot, cut)
  }

  /// Passes the leaves of another message of the template to `reader`; `room` is a buffer for them.
  func report(
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
