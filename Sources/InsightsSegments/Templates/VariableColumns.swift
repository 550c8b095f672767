/// The columns of one stream of variables, each decoded on first use.
///
/// Not thread-safe.
final class VariableColumns {
  private struct Column {
    var count: Int
    /// The index of its first value in `values`.
    var start: Int
    /// Its offset in the block; -1 once it is decoded.
    var offset: Int
  }

  private let stream: VariableStream
  private let bytes: [UInt8]
  private var columns: [Column] = []
  /// The values of all columns.
  private let values: UnsafeMutablePointer<Int64>

  deinit {
    values.deallocate()
  }

  /// `nil` if the block does not contain columns with these numbers of values.
  init?(_ bytes: [UInt8], of stream: VariableStream, counts: [Int]) {
    self.bytes = bytes
    self.stream = stream
    values = .allocate(capacity: max(1, counts.reduce(0, +)))
    columns.reserveCapacity(counts.count)
    var input = BlockInput(bytes)
    var start = 0
    for count in counts {
      if count < VariableWriter.shortCount {
        for index in 0..<count {
          guard let value = input.signedVarint() else { return nil }
          values[start + index] = value
        }
        columns.append(Column(count: count, start: start, offset: -1))
      } else {
        columns.append(Column(count: count, start: start, offset: input.index))
        guard let head = Head(from: &input, of: stream, count: count),
          input.skip(head.byteCount)
        else { return nil }
      }
      start += count
    }
    guard input.isAtEnd else { return nil }
  }

  /// The data before the byte planes of a column.
  private struct Head {
    /// The first byte of a column of decimals.
    var decimals: UInt8 = 0
    var width: Int
    var first: Int64
    /// The least difference between neighbours, if the values are differences relative to it.
    ///
    /// If it is `nil`, they are relative to `first`.
    var leastStep: Int64?
    /// The number of values in the planes.
    var count: Int

    var byteCount: Int { width * count }

    init?(from input: inout BlockInput, of stream: VariableStream, count: Int) {
      if stream == .decimals {
        guard let head = input.byte(), head <= VariableWriter.isStripped | 15,
          head != VariableWriter.isStripped
        else { return nil }
        decimals = head
      }
      guard let head = input.byte(), head & 0x0F <= 8, head & 0xE0 == 0,
        let first = input.signedVarint()
      else { return nil }
      width = Int(head & 0x0F)
      self.first = first
      self.count = count
      if head & VariableWriter.isSteps != 0 {
        guard let step = input.signedVarint() else { return nil }
        leastStep = step
        self.count = count - 1
      }
    }
  }

  /// Returns the values of a column; `nil` if it is damaged.
  ///
  /// They are valid as long as this object.
  func values(ofColumn index: Int) -> UnsafeBufferPointer<Int64>? {
    let column = columns[index]
    let target = UnsafeMutableBufferPointer(start: values + column.start, count: column.count)
    if column.offset >= 0 {
      guard decode(column, to: target) else { return nil }
      columns[index].offset = -1
    }
    return UnsafeBufferPointer(target)
  }

  private func decode(_ column: Column, to target: UnsafeMutableBufferPointer<Int64>) -> Bool {
    var input = BlockInput(bytes, from: column.offset)
    guard let head = Head(from: &input, of: stream, count: column.count),
      head.byteCount <= bytes.count - input.index
    else { return false }
    bytes.withUnsafeBufferPointer { bytes in
      let planes = UnsafeBufferPointer(
        rebasing: bytes[input.index..<input.index + head.byteCount])
      if let least = head.leastStep {
        Self.read(planes, head, to: UnsafeMutableBufferPointer(rebasing: target[1...]))
        var last = head.first
        target[0] = last
        for index in 1..<target.count {
          last = last &+ least &+ target[index]
          target[index] = last
        }
      } else {
        Self.read(planes, head, to: target)
        for index in 0..<target.count { target[index] = target[index] &+ head.first }
      }
    }
    return stream != .decimals || Self.unpack(target, head.decimals)
  }

  private static func read(
    _ planes: UnsafeBufferPointer<UInt8>, _ head: Head,
    to target: UnsafeMutableBufferPointer<Int64>
  ) {
    let count = head.count
    switch head.width {
    case 0: for index in 0..<count { target[index] = 0 }
    case 1: for index in 0..<count { target[index] = Int64(planes[index]) }
    case 2:
      for index in 0..<count {
        target[index] = Int64(planes[index]) | Int64(planes[count &+ index]) << 8
      }
    case 3:
      for index in 0..<count {
        target[index] =
          Int64(planes[index]) | Int64(planes[count &+ index]) << 8
          | Int64(planes[2 &* count &+ index]) << 16
      }
    default:
      for index in 0..<count { target[index] = 0 }
      for plane in 0..<head.width {
        let shift = Int64(8 * plane)
        for index in 0..<count {
          target[index] |= Int64(planes[plane &* count &+ index]) << shift
        }
      }
    }
  }

  /// Converts digits to decimals; returns false for invalid data.
  private static func unpack(_ values: UnsafeMutableBufferPointer<Int64>, _ head: UInt8) -> Bool {
    let scale = Int(head & 0x0F)
    if scale == 0 { return true }
    let limit: UInt64 = 1 << 58
    for index in 0..<values.count {
      let digits = values[index]
      guard digits.magnitude < limit else { return false }
      values[index] =
        head & VariableWriter.isStripped != 0
        ? DecimalValue(stripping: digits, scale: scale).packed
        : DecimalValue(digits: digits, scale: scale).packed
    }
    return true
  }
}
