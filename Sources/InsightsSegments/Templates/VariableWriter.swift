/// Writes columns of variables as byte planes of integers.
///
/// A column contains the differences from its minimum, or the differences between neighbours if
/// these are smaller. A short column contains the values themselves. The number of values is not
/// written, since the reader knows it.
struct VariableWriter {
  private var outputs = VariableStream.allCases.map { _ in BlockOutput() }
  private var scratch: [Int64] = []

  /// The minimum number of values for a column with a head.
  static let shortCount = 4
  /// A flag in the first byte of a column: its values are differences between neighbours.
  ///
  /// The low bits are the number of bytes per value.
  static let isSteps: UInt8 = 0x10
  /// A flag in the first byte of a column of decimals: trailing zeros were removed from the values.
  ///
  /// The low bits are the maximum number of digits after the point.
  static let isStripped: UInt8 = 0x10

  var streams: [(VariableStream, [UInt8])] {
    VariableStream.allCases.map { ($0, outputs[$0.rawValue].bytes) }
  }

  mutating func append(_ values: UnsafeBufferPointer<Int64>, to stream: VariableStream) {
    if values.count < Self.shortCount {
      for value in values { outputs[stream.rawValue].append(signedVarint: value) }
    } else if stream == .decimals {
      append(decimals: values)
    } else {
      Self.append(values, to: &outputs[stream.rawValue])
    }
  }

  /// Appends decimals, without the number of digits after the point if one number determines it for
  /// all.
  private mutating func append(decimals values: UnsafeBufferPointer<Int64>) {
    let stream = VariableStream.decimals.rawValue
    var greatest = 0
    var least = DecimalValue.scaleLimit
    for value in values {
      let scale = Int(value & 15)
      greatest = max(greatest, scale)
      least = min(least, scale)
    }
    scratch.removeAll(keepingCapacity: true)
    if least == greatest {
      outputs[stream].append(UInt8(greatest))
      for value in values { scratch.append(value >> 4) }
    } else if values.allSatisfy({ DecimalValue(packed: $0).isStripped(to: greatest) }) {
      outputs[stream].append(UInt8(greatest) | Self.isStripped)
      for value in values { scratch.append(DecimalValue(packed: value).digits(at: greatest)) }
    } else {
      outputs[stream].append(0)
      scratch.append(contentsOf: values)
    }
    scratch.withUnsafeBufferPointer { Self.append($0, to: &outputs[stream]) }
  }

  private static func append(_ values: UnsafeBufferPointer<Int64>, to output: inout BlockOutput) {
    guard let column = values.baseAddress else { return }
    let count = values.count
    var least = column[0]
    var greatest = column[0]
    var leastStep = Int64.max
    var greatestStep = Int64.min
    for index in 1..<count {
      let value = column[index]
      least = min(least, value)
      greatest = max(greatest, value)
      let step = value &- column[index &- 1]
      leastStep = min(leastStep, step)
      greatestStep = max(greatestStep, step)
    }
    let width = byteCount(UInt64(bitPattern: greatest &- least))
    let stepWidth = byteCount(UInt64(bitPattern: greatestStep &- leastStep))
    if stepWidth < width {
      output.append(UInt8(stepWidth) | isSteps)
      output.append(signedVarint: column[0])
      output.append(signedVarint: leastStep)
      planes(stepWidth, count: count - 1, to: &output) { output, shift in
        for index in 1..<count {
          let step = column[index] &- column[index &- 1] &- leastStep
          output[index &- 1] = UInt8(truncatingIfNeeded: step >> shift)
        }
      }
    } else {
      output.append(UInt8(width))
      output.append(signedVarint: least)
      planes(width, count: count, to: &output) { output, shift in
        for index in 0..<count {
          output[index] = UInt8(truncatingIfNeeded: (column[index] &- least) >> shift)
        }
      }
    }
  }

  /// Appends byte planes, the one with the lowest bytes first.
  @inline(__always)
  private static func planes(
    _ width: Int, count: Int, to output: inout BlockOutput,
    _ write: (UnsafeMutablePointer<UInt8>, Int64) -> Void
  ) {
    guard width > 0 else { return }
    let bytes = [UInt8](unsafeUninitializedCapacity: width * count) { room, used in
      if let room = room.baseAddress {
        for plane in 0..<width { write(room + plane * count, Int64(8 * plane)) }
      }
      used = width * count
    }
    output.append(bytes)
  }

  /// Returns the number of bytes that a number needs.
  private static func byteCount(_ value: UInt64) -> Int { (71 - value.leadingZeroBitCount) / 8 }
}

extension DecimalValue {
  /// Whether the number is one with `greatest` digits after the point whose trailing zeros were
  /// removed; one digit after the point always remains.
  func isStripped(to greatest: Int) -> Bool {
    guard scale == 1 || digits % 10 != 0 else { return false }
    return digits.magnitude < Self.limits[greatest - scale]
  }

  /// Returns the digits of the same number with `greatest` digits after the point.
  func digits(at greatest: Int) -> Int64 { digits * Self.integerPowers[greatest - scale] }

  /// Inverts `digits(at:)`.
  init(stripping digits: Int64, scale: Int) {
    var digits = digits
    var scale = scale
    while scale > 1, digits % 10 == 0 {
      digits /= 10
      scale -= 1
    }
    self.init(digits: digits, scale: scale)
  }

  /// Ten to the power of the number of digits after the point.
  var power: UInt64 { UInt64(Self.integerPowers[scale]) }

  private static let integerPowers: [Int64] = (0...15).map { count in
    (0..<count).reduce(1) { power, _ in power * 10 }
  }

  /// For each number of digits, the limit below which that many digits can be appended.
  private static let limits: [UInt64] = integerPowers.map { (1 << 58) / UInt64($0) }
}

extension BlockOutput {
  /// Appends a number as a varint: seven bits per byte, the lowest first.
  mutating func append(varint value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(truncatingIfNeeded: rest))
  }

  /// Appends a signed number as a varint, zigzag-encoded (the sign is the lowest bit).
  mutating func append(signedVarint value: Int64) {
    append(varint: UInt64(bitPattern: value &<< 1 ^ value >> 63))
  }
}

extension BlockInput {
  /// Reads a number that `BlockOutput.append(varint:)` wrote.
  mutating func varint() -> UInt64? {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while let byte = byte() {
      guard shift < 63 || shift == 63 && byte <= 1 else { return nil }
      value |= UInt64(byte & 0x7F) << shift
      if byte & 0x80 == 0 { return value }
      shift += 7
    }
    return nil
  }

  /// Reads a number of at most `limit` that `BlockOutput.append(varint:)` wrote.
  mutating func varint(limit: Int) -> Int? {
    guard let value = varint(), value <= UInt64(limit) else { return nil }
    return Int(value)
  }

  /// Reads a number that `BlockOutput.append(signedVarint:)` wrote.
  mutating func signedVarint() -> Int64? {
    varint().map { Int64(bitPattern: $0 >> 1) ^ -Int64(bitPattern: $0 & 1) }
  }
}
