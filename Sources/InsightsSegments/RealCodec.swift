/// Doubles; NaN encodes a missing value.
///
/// Numbers with up to four decimals, as are usual in logs, are stored as integers; others as eight
/// bytes.
enum RealCodec {
  private static let raw: UInt8 = 0xFF
  private static let powersOfTen: [Double] = [1, 10, 100, 1000, 10_000]

  static func append(_ values: [Double], to output: inout BlockOutput) {
    if let (scale, integers) = scaled(values) {
      output.append(scale)
      IntegerCodec.append(integers, asSteps: false, to: &output)
    } else {
      output.append(raw)
      output.append(values.map(\.bitPattern), as: UInt64.self)
    }
  }

  /// Returns the numbers multiplied by a power of ten, if the results are integers that convert
  /// back to the same numbers.
  private static func scaled(_ values: [Double]) -> (scale: UInt8, integers: [Int64])? {
    var scale = 0
    // A larger power of ten may fail where a smaller one did not, so all are checked at the end.
    for value in values where !value.isNaN {
      while integer(value, powersOfTen[scale]) == nil {
        scale += 1
        guard scale < powersOfTen.count else { return nil }
      }
    }
    var integers = [Int64](repeating: SegmentReader.missing, count: values.count)
    for index in values.indices where !values[index].isNaN {
      guard let integer = integer(values[index], powersOfTen[scale]) else { return nil }
      integers[index] = integer
    }
    return (UInt8(scale), integers)
  }

  private static func integer(_ value: Double, _ power: Double) -> Int64? {
    let scaled = value * power
    guard abs(scaled) < 0x1p52 else { return nil }
    let integer = Int64(scaled + (scaled < 0 ? -0.5 : 0.5))
    return (Double(integer) / power).bitPattern == value.bitPattern ? integer : nil
  }

  static func reals(from input: inout BlockInput, count: Int) -> [Double]? {
    guard let scale = input.byte() else { return nil }
    if scale == raw {
      return input.integers(UInt64.self, count: count)?.map { Double(bitPattern: $0) }
    }
    guard Int(scale) < powersOfTen.count,
      let integers = IntegerCodec.integers(from: &input, count: count)
    else { return nil }
    let power = powersOfTen[Int(scale)]
    return integers.map { $0 == SegmentReader.missing ? .nan : Double($0) / power }
  }
}
