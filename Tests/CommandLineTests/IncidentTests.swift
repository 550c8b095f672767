import Foundation
import InsightsTestSupport
import Testing

/// What triage and info say of incidents whose truth is known.
@Suite("incidents")
struct IncidentTests {
  /// An incident in a store of its own.
  struct Case: Sendable, CustomTestStringConvertible {
    var options: Incident.Options

    init(
      _ failedRequests: Int, groups: Bool = true, _ gateway: Incident.Gateway = .none,
      _ logFormat: Incident.LogFormat = .text
    ) {
      options = Incident.Options(
        failedRequests: failedRequests, namesGroups: groups, gateway: gateway,
        logFormat: logFormat)
    }

    var testDescription: String {
      "\(options.failedRequests) failed, \(options.namesGroups ? "" : "no ")groups, gateway "
        + "\(options.gateway), \(options.logFormat)"
    }
  }

  static let cases = [
    Case(10), Case(30), Case(30, .rest), Case(30, .http), Case(30, .rest, .json),
    Case(30, groups: false), Case(30, groups: false, .rest), Case(30, groups: false, .http),
    Case(300, .rest), Case(300, groups: false, .http, .json), Case(300, groups: false, .rest),
    Case(3000), Case(3000, .rest, .json), Case(3000, groups: false, .rest),
    Case(30_000), Case(30_000, groups: false, .rest),
  ]

  private struct Report: Decodable {
    struct LookedAt: Decodable {
      var events: Int
      var invocations: Int
    }

    var looked_at: LookedAt
    var findings: [Finding]
  }

  private struct Finding: Decodable {
    var status: Int
    var cause: String
    var count: Int
    var first: String
    var last: String
    var functions: [String]
    var callers: [String]?
  }

  @Test("the same options give the same bytes, another seed gives others")
  func seeds() {
    let options = Incident.Options(failedRequests: 20, gateway: .rest)
    #expect(Incident(options).logs.map(\.text) == Incident(options).logs.map(\.text))
    var other = options
    other.seed += 1
    #expect(Incident(options).logs.map(\.text) != Incident(other).logs.map(\.text))
  }

  @Test("triage and info agree with the truth", arguments: cases)
  func truth(_ example: Case) throws {
    let incident = Incident(example.options)
    let program = try Program()
    try incident.ingest(intoStoreAt: program.path("insights.db"))

    let output = try program.run("triage", "--format", "json", "--lines", "0", "--quiet")
    #expect(output.status == 0, "\(output.standardError)")
    let report = try JSONDecoder().decode(Report.self, from: Data(output.standardOutput.utf8))
    let found = report.findings.map {
      "\($0.status) \($0.cause) \($0.functions) by \($0.callers ?? []) \($0.count) \($0.first) "
        + $0.last
    }
    let expected = incident.truth.findings.map {
      "\($0.status) \($0.cause) \($0.functions) by \($0.callers) \($0.count) "
        + "\(Self.time($0.first)) \(Self.time($0.last))"
    }
    #expect(found.sorted() == expected.sorted())
    #expect(report.looked_at.invocations == incident.truth.invocations.count)

    let text = try program.run("info", "--format", "json").standardOutput
    let info = try #require(try json(text) as? [String: Any])
    #expect(info["events"] as? Int == report.looked_at.events)
    let invocations = incident.truth.invocations
    #expect(info["invocations"] as? Int == invocations.count)
    #expect(info["cold_starts"] as? Int == invocations.count { $0.initDuration != nil })
    #expect(
      info["timeouts"] as? Int
        == invocations.count { $0.fate == .stopped || $0.fate == .abandoned })
    #expect(info["oom"] as? Int == incident.truth.count(.outOfMemory))
  }

  /// As results show times.
  private static func time(_ milliseconds: Int64) -> String {
    let date = Date(timeIntervalSince1970: Double(milliseconds / 1000))
    let seconds = date.formatted(
      .iso8601.year().month().day().dateTimeSeparator(.space).time(
        includingFractionalSeconds: false))
    let digits = String(milliseconds % 1000)
    return seconds + "." + "000".dropFirst(digits.count) + digits
  }
}
