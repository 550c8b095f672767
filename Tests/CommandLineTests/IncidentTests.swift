import Foundation
import InsightsTestSupport
import Testing

/// What commands say of incidents whose truth is known.
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
    Case(30), Case(300, .rest), Case(300, .http, .json), Case(3000, groups: false, .rest),
  ]

  @Test("the same options give the same bytes, another seed gives others")
  func seeds() {
    let options = Incident.Options(failedRequests: 20, gateway: .rest)
    #expect(Incident(options).logs.map(\.text) == Incident(options).logs.map(\.text))
    var other = options
    other.seed += 1
    #expect(Incident(options).logs.map(\.text) != Incident(other).logs.map(\.text))
  }

  @Test("info agrees with the truth", arguments: cases)
  func truth(_ example: Case) throws {
    let incident = Incident(example.options)
    let program = try Program()
    try incident.ingest(intoStoreAt: program.path("insights.db"))

    let text = try program.run("info", "--format", "json").standardOutput
    let info = try #require(try json(text) as? [String: Any])
    let invocations = incident.truth.invocations
    #expect(info["invocations"] as? Int == invocations.count)
    #expect(info["cold_starts"] as? Int == invocations.count { $0.initDuration != nil })
    #expect(
      info["timeouts"] as? Int
        == invocations.count { $0.fate == .stopped || $0.fate == .abandoned })
    #expect(info["oom"] as? Int == incident.truth.count(.outOfMemory))
  }
}
