/// For each type of variable, the bytes and lengths that its values can have, with regard to a
/// literal.
struct SlotClasses {
  struct SlotClass {
    var bytes: LiteralStates.ByteClass
    var limit: Int
  }

  /// The classes, indexed by `TemplateSlot`.
  private var classes: [SlotClass] = []

  /// `dictionaryBytes`: the bytes that occur in the texts of the dictionary.
  init(for literal: LiteralStates, dictionaryBytes: [UInt8]) {
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
      case .text:
        classes.append(
          SlotClass(bytes: literal.byteClass(of: dictionaryBytes), limit: .max))
      case .time: classes.append(slotClass("-T:." + digits, 23))
      case .spacedTime: classes.append(slotClass("- :." + digits, 23))
      case .spacedCommaTime: classes.append(slotClass("- :," + digits, 23))
      case .second: classes.append(slotClass("-T:" + digits, 19))
      case .spacedSecond: classes.append(slotClass("- :" + digits, 19))
      }
    }
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
