internal import InsightsModel

/// The SQL of sums and means, which are those of the local engine for any order of rows.
///
/// As in `NumberSum`, whole numbers are summed exactly, and the others with twice the precision of
/// a `Float64`. ClickHouse's own sums of `Float64`, including the compensated ones, depend on the
/// order of rows. Therefore the whole parts of numbers and the next 62 bits are summed as integers;
/// only numbers below 2^-9 have further bits. Numbers beyond 2^63, which have no fractions, are added
/// one after the other.
extension ClickHouseDialect {
  /// A fraction times this is an integer of 62 bits, and a remainder.
  private static let unit = "4611686018427387904"

  /// The aggregates of a sum, as SQL.
  private struct Addends {
    /// The numbers of values, of values with a fraction, and of values that have a whole part.
    var count: String
    var fractionCount: String
    var wholeCount: String
    /// The sums of the whole parts, of the next 62 bits, and of what is left.
    var wholes: String
    var bits: String
    var rests: String
    /// An array of the numbers beyond 64 bits.
    var large: String
  }

  static func sum(
    _ e: RemoteExpressions, _ value: RemoteValue, isMean: Bool
  ) throws(Refusal) -> RemoteValue {
    let value = try e.numeral(value)
    if value.kind == .integer || value.kind == .truth {
      let integers = "sum(toInt128(\(value.sql)))"
      return isMean
        ? RemoteValue("(\(nearest(integers)) / nullIf(count(\(value.sql)), 0))", .real)
        : RemoteValue(
          RemoteExpressions.numeral(ofInteger: integers, orReal: nearest(integers)), .numeral)
    }
    let addends = try addends(e, value)
    var sum: RemoteValue
    if isMean {
      sum = RemoteValue("(\(total(addends)) / nullIf(\(addends.count), 0))", .real)
    } else {
      let integer = RemoteExpressions.numeral(
        ofInteger: addends.wholes, orReal: nearest(addends.wholes))
      let isReal = "\(addends.fractionCount) > 0 OR \(addends.count) > \(addends.wholeCount)"
      sum = RemoteValue(
        "if(\(isReal), \(RemoteExpressions.numeral(ofReal: total(addends))), \(integer))",
        .numeral)
    }
    sum.parts = RemoteValue.Parts(
      sql: text(of: addends, isMean: isMean), use: isMean ? .mean : .sum)
    return sum
  }

  /// Returns the aggregates for the sum of a numeral or a real number.
  private static func addends(
    _ e: RemoteExpressions, _ value: RemoteValue
  ) throws(Refusal) -> Addends {
    let number = try e.nearestReal(value)
    // From here on digits may be those of an integer that no `Float64` represents.
    var large = "accurateCastOrNull(\(number), 'Int64')"
    if value.kind == .numeral { large = "ifNull(\(try e.wholeNumber(value)), \(large))" }
    let whole = try e.named(
      "if(abs(\(number)) < \(wholeMagnitude), toInt64(\(number)), \(large))")
    let fraction = try e.named("((\(number) - \(whole)) * \(unit))")
    return Addends(
      count: "count(\(number))", fractionCount: "countIf(\(fraction) != 0)",
      wholeCount: "count(\(whole))", wholes: "sum(toInt128(\(whole)))",
      // Behind a NULL may be an infinity, which is an error.
      bits: "sum(toInt128(ifNull(\(fraction), 0)))",
      rests: "sumKahan(\(fraction) - trunc(\(fraction)))",
      large: "groupArrayIf(\(number), \(whole) IS NULL)")
  }

  /// Returns the addends as the text that `NumberSum(addends:)` reads; a mean is the same for whole
  /// numbers.
  private static func text(of addends: Addends, isMean: Bool) -> String {
    let parts = [
      addends.count, isMean ? "0" : addends.fractionCount, addends.wholes, addends.bits,
      addends.rests, addends.large,
    ]
    return "toString(tuple(\(parts.joined(separator: ", "))))"
  }

  /// Returns the nearest `Float64` of a wide integer; only the conversion from its digits rounds
  /// correctly.
  private static func nearest(_ integer: String) -> String { "toFloat64(toString(\(integer)))" }

  /// Returns the sum as a `Float64`.
  private static func total(_ addends: Addends) -> String {
    let integer = "toInt256(ifNull(\(addends.wholes), 0)) * \(unit) + \(addends.bits)"
    let exact = "ifNull(\(nearest(integer)) / \(unit) + \(addends.rests) / \(unit), 0.)"
    let all = "arrayPushBack(arraySort(\(addends.large)), \(exact))"
    // Knuth's two-sum: the sum so far, and its rounding error.
    let step =
      "tuple(a.1 + x, a.2 + ((a.1 - ((a.1 + x) - ((a.1 + x) - a.1))) + (x - ((a.1 + x) - a.1))))"
    let normalized = "arrayMap(t -> tuple(t.1 + t.2, t.2 - ((t.1 + t.2) - t.1)), [\(step)])[1]"
    return "arrayFold((a, x) -> \(normalized), \(all), tuple(0., 0.)).1"
  }
}
