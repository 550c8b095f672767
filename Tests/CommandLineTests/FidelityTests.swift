import Foundation
import InsightsTestSupport
import Testing

/// Queries whose right answers are recorded or documented; `Tests/GoldenTests/Cases/fidelity.jsonl` says where.
@Suite("fidelity")
struct FidelityTests {
  /// A line of the file: events as epoch milliseconds and message, and what is right.
  struct Case: Sendable, CustomTestStringConvertible {
    var id: String
    var isCheck: Bool
    var group: String
    var events: [(time: Int, message: String)]
    var query: String
    var format: String
    /// The rows as JSON with sorted keys; `nil` where the query only has to compile.
    var rows: String?

    var testDescription: String { id }

    init(_ line: Data) throws {
      let object = try #require(JSONSerialization.jsonObject(with: line) as? [String: Any])
      id = try #require(object["id"] as? String)
      isCheck = object["command"] as? String == "check"
      group = object["group"] as? String ?? ""
      query = try #require(object["query"] as? String)
      format = object["format"] as? String ?? "json"
      rows = try (object["rows"] as? [Any]).map { try Self.canonical($0) }
      events = try (object["events"] as? [[Any]] ?? []).map { event in
        let time = try #require(event[0] as? Int)
        if let text = event[1] as? String { return (time, text) }
        let json = try JSONSerialization.data(withJSONObject: event[1], options: [.sortedKeys])
        return (time, String(decoding: json, as: UTF8.self))
      }
    }

    static func canonical(_ rows: Any) throws -> String {
      let data = try JSONSerialization.data(
        withJSONObject: rows, options: [.sortedKeys, .prettyPrinted])
      return String(decoding: data, as: UTF8.self)
    }

    /// What `filter-log-events` gives of the events.
    var log: Data {
      get throws {
        let events = events.map { time, message in
          [
            "timestamp": time, "message": message, "ingestionTime": time, "logStreamName": "s",
            "eventId": "\(time)",
          ] as [String: Any]
        }
        return try JSONSerialization.data(withJSONObject: ["events": events])
      }
    }
  }

  static let cases: [Case] = {
    let url = Repository.url("Tests/GoldenTests/Cases/fidelity.jsonl")
    let lines = ((try? Data(contentsOf: url)) ?? Data()).split(separator: UInt8(ascii: "\n"))
    return lines.compactMap { try? Case($0) }
  }()

  @Test("there are cases")
  func count() {
    #expect(Self.cases.count == 10)
  }

  @Test("queries give the rows that AWS gives", arguments: cases)
  func rows(of testCase: Case) throws {
    let program = try Program()
    if testCase.isCheck {
      #expect(try program.run("check", testCase.query).status == 0)
      return
    }
    let log = program.path("events.json")
    try testCase.log.write(to: URL(fileURLWithPath: log))
    let ingest = try program.run("ingest", log, "--log-group", testCase.group, "--quiet")
    #expect(ingest.status == 0, "\(ingest.standardError)")
    let output = try program.run("query", testCase.query, "--format", testCase.format)
    #expect(output.status == 0, "\(output.standardError)")
    guard let expected = testCase.rows else { return }
    let reply = try JSONSerialization.jsonObject(with: Data(output.standardOutput.utf8))
    #expect(try Case.canonical(Self.rows(ofReply: reply)) == expected)
  }

  /// Rows as objects: those of GetQueryResults are lists of fields, of which the pointers differ.
  private static func rows(ofReply reply: Any) -> Any {
    guard let results = (reply as? [String: Any])?["results"] as? [[[String: String]]] else {
      return reply
    }
    return results.map { row in
      Dictionary(
        row.compactMap { field in
          field["field"].flatMap { name in field["value"].map { (name, $0) } }
        },
        uniquingKeysWith: { first, _ in first }
      ).filter { $0.key != "@ptr" }
    }
  }
}
