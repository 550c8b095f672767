import Foundation
import InsightsTestSupport
import Testing

/// What is counted of incidents: the truth, by `metrics` and by saved queries alike.
@Suite("figures of incidents")
struct IncidentFigureTests {
  static let cases = IncidentTests.cases + [IncidentTests.Case(3000, .http, .json)]

  /// A store of an incident; of the largest it takes seconds to make.
  private static func program(_ incident: Incident) throws -> Program {
    let program = try Program()
    try incident.ingest(intoStoreAt: program.path("insights.db"))
    return program
  }

  /// Invocations by the function that `metrics` names: none where the log groups are unknown.
  private static func functions(
    _ incident: Incident
  ) -> [String: [IncidentTruth.Request]] {
    Dictionary(grouping: incident.truth.invocations) {
      incident.options.namesGroups ? $0.function : ""
    }
  }

  private static func percentile(_ percent: Double, _ sorted: [Double]) -> Double {
    let rank = percent / 100 * Double(sorted.count - 1)
    let below = Int(rank)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (sorted[above] - sorted[below]) * (rank - Double(below))
  }

  private static func peak(_ requests: [IncidentTruth.Request]) -> Int {
    let changes = requests.flatMap { [($0.start, 1), (max($0.end, $0.start + 1), -1)] }
    var running = 0
    var peak = 0
    for change in changes.sorted(by: { ($0.0, $0.1) < ($1.0, $1.1) }) {
      running += change.1
      peak = max(peak, running)
    }
    return peak
  }

  @Test("metrics agree with the truth", arguments: cases)
  func metrics(_ example: IncidentTests.Case) throws {
    let incident = Incident(example.options)
    let program = try Self.program(incident)
    let found = try rows(try program.run("metrics", "--format", "json").standardOutput)
    for (name, requests) in Self.functions(incident) {
      let row = try #require(found.first { $0["function"] as? String ?? "" == name })
      #expect(row["Invocations"] as? Int == requests.count)
      #expect(row["Errors"] as? Int == requests.count { $0.fate.isInvocationError })
      #expect(row["ConcurrentExecutions"] as? Int == Self.peak(requests))
      let coldCount = Double(requests.count { $0.initDuration != nil })
      let rate = try #require(row["ColdStartRate"] as? Double)
      #expect(abs(rate - 100 * coldCount / Double(requests.count)) < 0.000_1)
      let durations = requests.map(\.duration).sorted()
      for (column, percent) in [
        ("DurationP50", 50.0), ("DurationP95", 95), ("DurationP99", 99), ("DurationMax", 100),
      ] {
        let value = try #require(row[column] as? Double)
        #expect(abs(value - Self.percentile(percent, durations)) < 0.000_1, "\(name) \(column)")
      }
    }
    // By the minute they add up to the same.
    let minutes = try rows(
      try program.run("metrics", "--period", "1m", "--format", "json").standardOutput)
    #expect(
      minutes.compactMap { $0["Invocations"] as? Int }.reduce(0, +)
        == incident.truth.invocations.count)
    #expect(
      minutes.compactMap { $0["Errors"] as? Int }.reduce(0, +)
        == incident.truth.invocations.count { $0.fate.isInvocationError })
  }

  @Test("saved queries agree with the truth", arguments: cases)
  func pack(_ example: IncidentTests.Case) throws {
    let incident = Incident(example.options)
    let program = try Self.program(incident)
    let output = try program.run("run", "lambda", "--format", "json", "--quiet")
    let pack = try #require(try json(output.standardOutput) as? [String: [[String: Any]]])
    let invocations = incident.truth.invocations
    func rowCount(_ name: String) -> Int? { pack["lambda/\(name)"]?.count }
    func sum(_ name: String, _ column: String) -> Int? {
      pack["lambda/\(name)"]?.compactMap { $0[column] as? Int }.reduce(0, +)
    }
    #expect(sum("duration-percentiles", "invocations") == invocations.count)
    #expect(sum("cost", "requests") == invocations.count)
    #expect(sum("cold-start-rate", "coldStarts") == invocations.count { $0.initDuration != nil })
    #expect(rowCount("cold-starts") == invocations.count { $0.initDuration != nil })
    #expect(
      rowCount("timeouts") == invocations.count { $0.fate == .stopped || $0.fate == .abandoned })
    #expect(rowCount("oom-kills") == incident.truth.count(.outOfMemory))
    #expect(rowCount("incomplete-invocations") == 0)
    #expect(rowCount("retries") == 0)
    #expect(
      sum("errors-by-type", "errors")
        == invocations.count { $0.fate.isInvocationError || $0.fate == .declined })
  }
}
