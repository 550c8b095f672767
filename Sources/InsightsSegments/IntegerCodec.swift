/// Encodes integers as the difference from the minimum, in as few bytes each as the maximum needs.
///
/// Slowly increasing values, such as times, are encoded as differences between neighbours. A bitmap
/// marks missing values. Repetitions are left to the compression of the block.
enum IntegerCodec {
  private static let isSteps: UInt8 = 0x10
  private static let hasMissing: UInt8 = 0x20

  // MARK: Encoding

  /// Appends `values`; `SegmentReader.missing` marks missing ones.
  static func append(_ values: [Int64], asSteps: Bool, to output: inout BlockOutput) {
    var values = values
    let missing = removeMissing(from: &values)
    var flags: UInt8 = missing == nil ? 0 : hasMissing
    if asSteps, let steps = steps(of: values) {
      flags |= isSteps
      append(steps, flags, missing, first: values.first ?? 0, to: &output)
    } else {
      append(values, flags, missing, first: nil, to: &output)
    }
  }

  /// Replaces missing values by the previous one and returns their bitmap; `nil` if there are none.
  private static func removeMissing(from values: inout [Int64]) -> [UInt8]? {
    guard let firstMissing = values.firstIndex(of: SegmentReader.missing) else { return nil }
    var bitmap = [UInt8](repeating: 0, count: (values.count + 7) / 8)
    var previous =
      firstMissing > 0
      ? values[firstMissing - 1] : values.first { $0 != SegmentReader.missing } ?? 0
    for index in firstMissing..<values.count {
      if values[index] == SegmentReader.missing {
        bitmap[index >> 3] |= 1 << (index & 7)
        values[index] = previous
      } else {
        previous = values[index]
      }
    }
    return bitmap
  }

  /// Returns the differences between neighbours; `nil` on overflow.
  private static func steps(of values: [Int64]) -> [Int64]? {
    guard values.count > 1 else { return nil }
    var steps = [Int64](repeating: 0, count: values.count - 1)
    for index in 1..<values.count {
      let (step, overflow) = values[index].subtractingReportingOverflow(values[index - 1])
      if overflow { return nil }
      steps[index - 1] = step
    }
    return steps
  }

  private static func append(
    _ values: [Int64], _ flags: UInt8, _ missing: [UInt8]?, first: Int64?,
    to output: inout BlockOutput
  ) {
    let least = values.min() ?? 0
    let spread = UInt64(bitPattern: (values.max() ?? 0) &- least)
    let width: UInt8 =
      spread == 0 ? 0 : spread <= 0xFF ? 1 : spread <= 0xFFFF ? 2 : spread <= 0xFFFF_FFFF ? 3 : 4
    output.append(flags | width)
    if let missing { output.append(missing) }
    if let first { output.append(integer: first) }
    output.append(integer: least)
    var values = values
    if width > 0, least != 0 {
      values.withUnsafeMutableBufferPointer { values in
        for index in 0..<values.count { values[index] = values[index] &- least }
      }
    }
    switch width {
    case 0: break
    case 1: output.append(values, as: UInt8.self)
    case 2: output.append(values, as: UInt16.self)
    case 3: output.append(values, as: UInt32.self)
    default: output.append(values, as: UInt64.self)
    }
  }

  // MARK: Decoding

  /// Reads `count` integers that `append` wrote.
  static func integers(from input: inout BlockInput, count: Int) -> [Int64]? {
    guard let flags = input.byte() else { return nil }
    var missing: [UInt8]?
    if flags & hasMissing != 0 {
      guard let bitmap = input.bytes(count: (count + 7) / 8) else { return nil }
      missing = bitmap
    }
    var first: Int64 = 0
    let isSteps = flags & isSteps != 0
    if isSteps {
      guard count > 1, let value = input.integer(Int64.self) else { return nil }
      first = value
    }
    guard let least = input.integer(Int64.self) else { return nil }
    let stored = isSteps ? count - 1 : count
    let values: [Int64]?
    switch flags & 0x0F {
    case 0: values = [Int64](repeating: least, count: stored)
    case 1: values = widen(input.integers(UInt8.self, count: stored), from: least)
    case 2: values = widen(input.integers(UInt16.self, count: stored), from: least)
    case 3: values = widen(input.integers(UInt32.self, count: stored), from: least)
    case 4: values = widen(input.integers(UInt64.self, count: stored), from: least)
    default: return nil
    }
    guard var values else { return nil }
    if isSteps { values = sums(of: values, from: first) }
    if let missing {
      for index in 0..<count where missing[index >> 3] >> (index & 7) & 1 == 1 {
        values[index] = SegmentReader.missing
      }
    }
    return values
  }

  private static func widen<Integer: FixedWidthInteger>(
    _ values: [Integer]?, from least: Int64
  ) -> [Int64]? {
    guard let values else { return nil }
    return [Int64](unsafeUninitializedCapacity: values.count) { wide, count in
      for index in 0..<values.count {
        wide.initializeElement(
          at: index, to: Int64(truncatingIfNeeded: values[index]) &+ least)
      }
      count = values.count
    }
  }

  private static func sums(of steps: [Int64], from first: Int64) -> [Int64] {
    [Int64](unsafeUninitializedCapacity: steps.count + 1) { sums, count in
      var sum = first
      sums.initializeElement(at: 0, to: sum)
      for index in 0..<steps.count {
        sum = sum &+ steps[index]
        sums.initializeElement(at: index + 1, to: sum)
      }
      count = steps.count + 1
    }
  }

  // MARK: Indexes

  /// Appends small numbers, in one byte each if all except `SegmentReader.noIndex` are below 255.
  static func append(indexes: [UInt16], to output: inout BlockOutput) {
    let isNarrow = indexes.allSatisfy { $0 < 0xFF || $0 == SegmentReader.noIndex }
    output.append(isNarrow ? 1 : 2)
    if isNarrow {
      output.append(indexes, as: UInt8.self)
    } else {
      output.append(indexes, as: UInt16.self)
    }
  }

  /// Reads `count` indexes, each below `limit`; with `allowsNone` some may be
  /// `SegmentReader.noIndex`.
  static func indexes(
    from input: inout BlockInput, count: Int, limit: Int, allowsNone: Bool = false
  ) -> [UInt16]? {
    switch input.byte() {
    case 1:
      guard let narrow = input.integers(UInt8.self, count: count),
        areBelow(min(limit, 0xFF), narrow, none: allowsNone ? 0xFF : nil)
      else { return nil }
      if !allowsNone { return narrow.map { UInt16($0) } }
      return narrow.map { $0 == 0xFF ? SegmentReader.noIndex : UInt16($0) }
    case 2:
      guard let wide = input.integers(UInt16.self, count: count),
        areBelow(limit, wide, none: allowsNone ? SegmentReader.noIndex : nil)
      else { return nil }
      return wide
    default: return nil
    }
  }

  /// Whether all indexes are below a limit, except those that equal `none`.
  private static func areBelow<Index: FixedWidthInteger & UnsignedInteger>(
    _ limit: Int, _ indexes: [Index], none: Index?
  ) -> Bool {
    // Without a branch per element, so that the loop is vectorized.
    var greatest: Index = 0
    if let none {
      for index in indexes { greatest = max(greatest, index == none ? 0 : index) }
    } else {
      for index in indexes { greatest = max(greatest, index) }
    }
    return Int(greatest) < limit || indexes.allSatisfy { $0 == none }
  }
}
