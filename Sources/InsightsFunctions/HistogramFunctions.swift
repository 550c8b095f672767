internal import InsightsScan
internal import InsightsText

/// `ql_histogram(value, count)`: the number of values in each of `count` ranges of equal width.
///
/// The result is a JSON map from the lower bound of a range to its count; the last range includes
/// its upper bound. Non-numeric values are skipped; NULL for a group without numbers.
enum HistogramFunctions {
  static var all: [SQLFunction] {
    [
      SQLFunction(
        aggregate: "ql_histogram", arguments: 2,
        step: {
          Sample.add(SQLCall($0, $1, $2)) { Int(clamping: $0.wholeNumber ?? 1) }
        },
        final: { HistogramFunctions.histogram(SQLCall($0, 0, nil)) })
    ]
  }

  private typealias Sample = NumberSample<Int>

  private static func histogram(_ call: SQLCall) {
    guard let sample = Sample.take(call) else { return }
    let rangeCount = sample.argument
    guard let least = sample.values.min(), let greatest = sample.values.max() else { return }
    // Halved, since the difference of two numbers may overflow.
    let width = (greatest / 2 - least / 2) / Double(rangeCount) * 2
    var counts = [Int64](repeating: 0, count: width > 0 ? rangeCount : 1)
    for value in sample.values {
      let range = width > 0 ? (value / 2 - least / 2) / (width / 2) : 0
      counts[min(Int(range), counts.count - 1)] += 1
    }
    var map: [UInt8] = [UInt8(ascii: "{")]
    for (index, count) in counts.enumerated() {
      map.append(contentsOf: index == 0 ? "\"".utf8 : ",\"".utf8)
      NumericText.append(least + width * Double(index), to: &map)
      map.append(contentsOf: "\":".utf8)
      NumericText.append(count, to: &map)
    }
    map.append(UInt8(ascii: "}"))
    call.setResult(blob: map)
  }
}
