/// For each type of variable, the bytes and lengths that its values can have, with regard to a
/// literal.
struct SlotClasses {
  struct SlotClass {
    var bytes: LiteralStates.ByteClass
    var limit: Int
  }

  /// The classes, indexed by `TemplateSlot`.
  private var classes: [SlotClass] = []
  /// The types whose values may have a byte of the literal.
  private(set) var overlapping: SlotTypes = []

  /// The classes for a segment without texts; see `setTexts`.
  init(for literal: LiteralStates) {
    func slotClass(_ bytes: String, _ limit: Int) -> SlotClass {
      SlotClass(bytes: literal.byteClass(of: bytes.utf8), limit: limit)
    }
    let digits = "0123456789"
    for rawValue in UInt8(0)... {
      guard let slot = TemplateSlot(rawValue: rawValue) else { break }
      switch slot {
      case .integer: classes.append(slotClass("-" + digits, 20))
      case .decimal: classes.append(slotClass("-." + digits, 24))
      case .uuid: classes.append(slotClass("-abcdef" + digits, UUID.textLength))
      case .text: classes.append(slotClass("", .max))
      case .time: classes.append(slotClass("-T:." + digits, 23))
      case .spacedTime: classes.append(slotClass("- :." + digits, 23))
      case .spacedCommaTime: classes.append(slotClass("- :," + digits, 23))
      case .second: classes.append(slotClass("-T:" + digits, 19))
      case .spacedSecond: classes.append(slotClass("- :" + digits, 19))
      }
      if !classes[Int(rawValue)].bytes.isEmpty { overlapping.insert(slot) }
    }
  }

  /// Sets the class of texts; `bytes` are the distinct ones in the dictionary of a segment.
  mutating func setTexts(_ bytes: [UInt8], _ literal: LiteralStates) {
    setTexts(literal.byteClass(of: bytes))
  }

  /// Sets the class of texts: it has the bytes of all that can be a part of an occurrence.
  mutating func setTexts(_ bytes: LiteralStates.ByteClass) {
    classes[Int(TemplateSlot.text.rawValue)].bytes = bytes
    if bytes.isEmpty { overlapping.subtract(.text) } else { overlapping.insert(.text) }
  }

  /// Returns the class of a packed slot.
  @inline(__always)
  subscript(packed: UInt64) -> SlotClass { classes[Int(UInt8(truncatingIfNeeded: packed))] }

  /// Returns the distinct bytes.
  static func distinctBytes(_ bytes: [UInt8]) -> [UInt8] {
    var occurs = [Bool](repeating: false, count: 256)
    occurs.withUnsafeMutableBufferPointer { occurs in
      bytes.withUnsafeBufferPointer { for byte in $0 { occurs[Int(byte)] = true } }
    }
    return (UInt8.min...UInt8.max).filter { occurs[Int($0)] }
  }
}
