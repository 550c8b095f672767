internal import InsightsModel

/// The SQL of sums and means, which are those of the local engine for any order of rows.
///
/// As in `NumberSum`, whole numbers are summed exactly, and the others with twice the precision of
/// a `Float64`. ClickHouse's own sums of `Float64`, including the compensated ones, depend on the
/// order of rows. Therefore their whole parts and the next 62 bits are summed as integers; only
/// numbers below 2^-9 have further bits. Numbers beyond 2^63, which have no fractions, are added
/// one after the other.
extension ClickHouseDialect {
  /// A fraction times this is an integer of 62 bits, and a remainder.
  private static let unit = "4611686018427387904"

  /// The aggregates of a sum, as SQL.
  private struct Addends {
    /// The numbers of values, and of values that are not whole.
    var count: String
    var realCount: String
    /// The sum of whole numbers.
    var integers: String
    /// The sums of the whole parts of the others, of the next 62 bits, and of what is left.
    var wholes: String
    var bits: String
    var rests: String
    /// An array of the numbers that have no such parts.
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
    let reals = "(ifNull(\(nearest(addends.integers)), 0) + ifNull(\(sumOfReals(addends)), 0))"
    var sum: RemoteValue
    if isMean {
      sum = RemoteValue("(\(reals) / nullIf(\(addends.count), 0))", .real)
    } else {
      let integer = RemoteExpressions.numeral(
        ofInteger: addends.integers, orReal: nearest(addends.integers))
      sum = RemoteValue(
        "if(\(addends.realCount) > 0, \(RemoteExpressions.numeral(ofReal: reals)), \(integer))",
        .numeral)
    }
    sum.parts = RemoteValue.Parts(sql: text(of: addends), use: isMean ? .mean : .sum)
    return sum
  }

  /// Returns the aggregates for the sum of a numeral or a real number.
  private static func addends(
    _ e: RemoteExpressions, _ value: RemoteValue
  ) throws(Refusal) -> Addends {
    let number = try e.nearestReal(value)
    // Whole numbers may be written as `3.0` or `1e3`.
    var whole = "accurateCastOrNull(\(number), 'Int64')"
    if value.kind == .numeral { whole = "ifNull(\(try e.wholeNumber(value)), \(whole))" }
    whole = try e.named(whole)
    let real = try e.named("if(\(whole) IS NULL, \(number), NULL)")
    let small = try e.named("if(abs(\(real)) < 9e18, \(real), NULL)")
    let fraction = try e.named("((\(small) - trunc(\(small))) * \(unit))")
    return Addends(
      count: "count(\(number))", realCount: "count(\(real))",
      integers: "sum(toInt128(\(whole)))",
      wholes: "sum(toInt128(toInt64(\(small))))",
      bits: "sum(toInt128(toInt64(\(fraction))))",
      rests: "sumKahan(\(fraction) - trunc(\(fraction)))",
      large: "groupArrayIf(\(real), abs(\(real)) >= 9e18)")
  }

  /// Returns the addends as the text that `NumberSum(addends:)` reads.
  private static func text(of addends: Addends) -> String {
    let parts = [
      addends.count, addends.realCount, addends.integers, addends.wholes, addends.bits,
      addends.rests, addends.large,
    ]
    return "toString(tuple(\(parts.joined(separator: ", "))))"
  }

  /// Returns the nearest `Float64` of a wide integer; only the conversion from its digits rounds
  /// correctly.
  private static func nearest(_ integer: String) -> String { "toFloat64(toString(\(integer)))" }

  /// Returns the sum of the numbers that are not whole; NULL without any.
  private static func sumOfReals(_ addends: Addends) -> String {
    let integer = "toInt256(\(addends.wholes)) * \(unit) + \(addends.bits)"
    let exact = "ifNull(\(nearest(integer)) / \(unit) + \(addends.rests) / \(unit), 0.)"
    let all = "arrayPushBack(arraySort(\(addends.large)), \(exact))"
    // Knuth's two-sum: the sum so far, and its rounding error.
    let step =
      "tuple(a.1 + x, a.2 + ((a.1 - ((a.1 + x) - ((a.1 + x) - a.1))) + (x - ((a.1 + x) - a.1))))"
    let normalized = "arrayMap(t -> tuple(t.1 + t.2, t.2 - ((t.1 + t.2) - t.1)), [\(step)])[1]"
    let sum = "arrayFold((a, x) -> \(normalized), \(all), tuple(0., 0.)).1"
    return "if(\(addends.realCount) = 0, NULL, \(sum))"
  }
}
