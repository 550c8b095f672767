internal import InsightsScan
internal import InsightsSQLite
internal import InsightsModel
internal import InsightsText
internal import InsightsThreads

/// `ql_relevance(condition, name, value, …)`: how much the values of each field differ between the
/// rows that meet a condition and the others, as JSON objects separated by commas.
///
/// Numbers are compared by the maximum distance of their distributions (Kolmogorov–Smirnov), other
/// values by the fraction of rows that would have to change their value; a missing value is a value
/// of its own. Both measures range from 0, equal, to 1, nothing in common.
enum RelevanceFunctions {
  static var all: [SQLFunction] {
    [
      SQLFunction(
        aggregate: "ql_relevance", arguments: -1,
        step: { RelevanceFunctions.add(SQLCall($0, $1, $2)) },
        final: { RelevanceFunctions.finish(SQLCall($0, 0, nil)) })
    ]
  }

  private struct Group: BitwiseCopyable {
    var samples: Unmanaged<RelevanceSamples>?
  }

  private static func add(_ call: SQLCall) {
    guard let group = call.group(Group.self) else { return }
    let samples =
      group.pointee.samples
      ?? Unmanaged.passRetained(
        RelevanceSamples(
          names: stride(from: 1, to: call.argumentCount, by: 2).map {
            call[$0].withText { String(decoding: $0, as: UTF8.self) }
          }))
    group.pointee.samples = samples
    let meetsCondition = call[0].number.map { !$0.isZero } ?? false
    for (index, sample) in samples.takeUnretainedValue().fields.enumerated() {
      let byteCount = sample.byteCount
      sample.add(call[2 * index + 2], meetsCondition: meetsCondition)
      if sample.byteCount > byteCount {
        call.changeGroupMemory(by: sample.byteCount - byteCount)
      }
    }
  }

  private static func finish(_ call: SQLCall) {
    guard let group = call.group(Group.self, isEnd: true),
      let samples = group.pointee.samples?.takeRetainedValue()
    else { return }
    group.pointee.samples = nil
    call.changeGroupMemory(by: -samples.fields.reduce(0) { $0 + $1.byteCount })
    let cancellation = call.workspace.budget.context.cancellation
    do throws(StoreError) {
      var results: [[UInt8]] = []
      for field in samples.fields { results.append(try field.result(cancellation)) }
      call.setResult(text: Array(results.joined(separator: ",".utf8)))
    } catch {
      call.fail(error)
    }
  }
}

/// The samples of one call's fields.
private final class RelevanceSamples {
  let fields: [RelevanceSample]

  init(names: [String]) {
    fields = names.map { RelevanceSample(name: $0) }
  }
}

/// The values of one field, for both outcomes of the condition.
private final class RelevanceSample {
  /// The counts of rows that do not meet the condition, and of those that do.
  private struct Sides {
    var baseline = 0
    var conditional = 0

    mutating func count(_ meetsCondition: Bool) {
      if meetsCondition { conditional += 1 } else { baseline += 1 }
    }
  }

  /// More distinct values are counted together.
  private static let valueLimit = 50_000
  private static let contributorLimit = 3

  private let name: String
  private var rows = Sides()
  private var missing = Sides()
  private var values: [[UInt8]: Sides] = [:]
  private var others = Sides()
  private var numbers: [(value: Double, isConditional: Bool)] = []
  private var isNumeric = true
  /// The peak memory of the numbers; distinct values are few.
  private(set) var byteCount = 0

  init(name: String) {
    self.name = name
  }

  func add(_ value: SQLValue, meetsCondition: Bool) {
    rows.count(meetsCondition)
    guard !value.isNull else { return missing.count(meetsCondition) }
    if isNumeric, let number = value.number?.real {
      numbers.append((number, meetsCondition))
      byteCount = max(byteCount, numbers.capacity * 16)
    } else {
      isNumeric = false
      numbers = []
    }
    let text = value.withText { Array($0) }
    if values[text] != nil || values.count < Self.valueLimit {
      values[text, default: Sides()].count(meetsCondition)
    } else {
      others.count(meetsCondition)
    }
  }

  func result(_ cancellation: Cancellation) throws(StoreError) -> [UInt8] {
    try cancellation.throwIfStopped()
    let usesNumbers = isNumeric && !numbers.isEmpty
    if usesNumbers {
      try? numbers.sort {
        try cancellation.throwIfStopped(thorough: false)
        return $0.value < $1.value
      }
      try cancellation.throwIfStopped()
    }
    var output: [UInt8] = Array("{\"field\":".utf8)
    JSONWriter.append(string: name, to: &output)
    output += Array(",\"score\":".utf8)
    let hasBothSides = rows.baseline > 0 && rows.conditional > 0
    JSONWriter.append(
      hasBothSides ? (usesNumbers ? numericScore : categoricalScore) : 0, to: &output)
    if usesNumbers {
      for (key, isConditional) in [("conditionalMedian", true), ("baselineMedian", false)] {
        guard let median = median(ofConditional: isConditional) else { continue }
        output += Array(",\"\(key)\":".utf8)
        JSONWriter.append(median, to: &output)
      }
    } else if hasBothSides {
      output += Array(",\"contributors\":".utf8)
      appendContributors(to: &output)
    }
    output.append(UInt8(ascii: "}"))
    return output
  }

  /// The difference between the fractions of rows with and without the condition.
  private func shift(_ sides: Sides) -> Double {
    Double(sides.conditional) / Double(rows.conditional)
      - Double(sides.baseline) / Double(rows.baseline)
  }

  private var categoricalScore: Double {
    let shifts = values.values.map { abs(shift($0)) } + [abs(shift(missing)), abs(shift(others))]
    // Sorted, so that the sum does not depend on the order of a dictionary.
    return shifts.sorted().reduce(0, +) / 2
  }

  private var numericScore: Double {
    let conditionalCount = Double(rows.conditional - missing.conditional)
    let baselineCount = Double(rows.baseline - missing.baseline)
    var greatest = abs(shift(missing))
    guard conditionalCount > 0, baselineCount > 0 else { return greatest }
    var below = Sides()
    for (index, number) in numbers.enumerated() {
      below.count(number.isConditional)
      let isLastOfValue = index + 1 == numbers.count || numbers[index + 1].value > number.value
      guard isLastOfValue else { continue }
      greatest = max(
        greatest,
        abs(Double(below.conditional) / conditionalCount - Double(below.baseline) / baselineCount))
    }
    return greatest
  }

  private func median(ofConditional isConditional: Bool) -> Double? {
    let side = numbers.filter { $0.isConditional == isConditional }.map(\.value)
    guard !side.isEmpty else { return nil }
    let middle = side.count / 2
    return side.count.isMultiple(of: 2) ? (side[middle - 1] + side[middle]) / 2 : side[middle]
  }

  /// Appends the values with the largest differences, and their fraction on both sides.
  private func appendContributors(to output: inout [UInt8]) {
    let top = values.sorted {
      let (left, right) = (abs(shift($0.value)), abs(shift($1.value)))
      return left == right ? $0.key.lexicographicallyPrecedes($1.key) : left > right
    }.prefix(Self.contributorLimit)
    output.append(UInt8(ascii: "["))
    for (index, entry) in top.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      output += Array("{\"value\":".utf8)
      entry.key.withUnsafeBufferPointer { JSONWriter.append(string: $0, to: &output) }
      output += Array(",\"conditional\":".utf8)
      JSONWriter.append(
        Self.rounded(Double(entry.value.conditional) / Double(rows.conditional)), to: &output)
      output += Array(",\"baseline\":".utf8)
      JSONWriter.append(
        Self.rounded(Double(entry.value.baseline) / Double(rows.baseline)), to: &output)
      output.append(UInt8(ascii: "}"))
    }
    output.append(UInt8(ascii: "]"))
  }

  private static func rounded(_ share: Double) -> Double { (share * 10_000).rounded() / 10_000 }
}
