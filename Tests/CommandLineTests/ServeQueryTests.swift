import Foundation
import InsightsTestSupport
import Testing

/// `/api/query` and `/api/check` of the built program.
@Suite("queries over /api")
struct ServeQueryTests {
  private func server() throws -> ServerProgram {
    try ServerProgram(
      ingesting: """
        2026-01-01T00:00:00.000Z {"level":"ERROR","id":12345678901234567890,"t":1.50}
        2026-01-01T00:00:01.000Z {"level":"INFO","id":2}
        2026-01-01T00:00:02.500Z {"level":"INFO","id":3}

        """, as: "/test")
  }

  private func ask(
    _ server: ServerProgram, _ body: String, path: String = "/api/query",
    _ headers: String...
  ) throws -> ServerProgram.Answer {
    try server.send(
      "POST \(path)",
      ["Authorization: Bearer \(server.token)", "Content-Type: application/json"] + headers,
      body: body)
  }

  @Test("columns with types, rows of JSON values, all statistics")
  func document() throws {
    let answer = try ask(
      try server(),
      #"{"query":"fields @timestamp, level, id, t, t > 1 as big | sort @timestamp asc"}"#)
    #expect(answer.status == 200)
    #expect(answer.headers["content-type"] == "application/json")
    #expect(
      answer.body
        == #"{"columns":[{"name":"@timestamp","type":"timestamp"},{"name":"level","type":"string"},{"name":"id","type":"string"},{"name":"t","type":"string"},{"name":"big","type":"boolean"}],"rows":[["2026-01-01 00:00:00.000","ERROR",12345678901234567890,1.5,1],["2026-01-01 00:00:01.000","INFO",2,null,null],["2026-01-01 00:00:02.500","INFO",3,null,null]],"statistics":{"recordsMatched":3.0,"recordsScanned":3.0,"estimatedRecordsSkipped":0.0,"bytesScanned":\#(bytes(in: answer)),"estimatedBytesSkipped":0.0,"logGroupsScanned":1.0,"resultCount":3.0},"diagnostics":[]}"#
    )
  }

  @Test("lists, maps, and what may be either, have their types")
  func types() throws {
    let answer = try ask(
      try server(),
      #"{"query":"fields split(level, 'R') as l, jsonParse('{}') as m, split(level, 'R')[0] as e | limit 1"}"#
    )
    #expect(
      answer.body.hasPrefix(
        #"{"columns":[{"name":"l","type":"list"},{"name":"m","type":"map"},{"name":"e","type":"string"}]"#
      ), "\(answer.body)")
  }

  private func bytes(in answer: ServerProgram.Answer) -> Substring {
    answer.body.components(separatedBy: #""bytesScanned":"#).last?.prefix { $0 != "," } ?? ""
  }

  @Test("JSON lines: columns, batches of rows, statistics at the end")
  func lines() throws {
    let answer = try ask(
      try server(), #"{"query":"fields id | sort id asc", "limit": "all"}"#,
      "Accept: application/x-ndjson")
    #expect(answer.headers["content-type"] == "application/x-ndjson")
    #expect(answer.body.hasSuffix("\n"))
    let lines = answer.body.split(separator: "\n")
    try #require(lines.count == 3, "\(answer.body)")
    #expect(lines[0] == #"{"columns":[{"name":"id","type":"string"}],"diagnostics":[]}"#)
    #expect(lines[1] == #"{"rows":[[2],[3],[12345678901234567890]]}"#)
    #expect(lines[2].hasPrefix(#"{"statistics":{"recordsMatched":3.0,"#))
  }

  @Test("range in milliseconds with both ends, log groups, limit")
  func range() throws {
    let server = try server()
    func count(_ members: String) throws -> String {
      let answer = try ask(server, #"{"query":"stats count(*) as n"\#(members)}"#)
      return answer.body.components(separatedBy: #""rows":"#).last.map {
        String($0.prefix { $0 != "}" && $0 != "," })
      } ?? ""
    }
    #expect(try count("") == "[[3]]")
    #expect(try count(#", "start": 1767225601000, "end": 1767225602500"#) == "[[2]]")
    #expect(try count(#", "end": 1767225602499"#) == "[[2]]")
    #expect(try count(#", "logGroups": ["/test"]"#) == "[[3]]")
    #expect(try count(#", "logGroups": ["/te*", "x"], "start": null"#) == "[[3]]")
    let answer = try ask(server, #"{"query":"fields id", "limit": 1}"#)
    #expect(answer.body.contains(#""rows":[["#) && answer.body.contains(#""resultCount":1.0"#))
    let missing = try ask(server, #"{"query":"limit 1", "logGroups": ["/te*", "/tast"]}"#)
    #expect(
      missing.body.contains(
        #""diagnostics":[{"severity":"warning","message":"no log group matches '/tast'","notes":["log groups: '/test'"],"help":["list them: insights groups"]}]"#
      ))
  }

  @Test(
    "what is wrong is told with its status",
    arguments: [
      (#"{"query":"filter nosuch(1)"}"#, 400), (#"{"query":5}"#, 400), ("{}", 400), ("[]", 400),
      ("{", 400), (#"{"query":"limit 1","limit":"all"}"#, 400),
      (#"{"query":"limit 1","limit":10001}"#, 400), (#"{"query":"limit 1","limit":-1}"#, 400),
      (#"{"query":"limit 1","start":5,"end":4}"#, 400),
      (#"{"query":"limit 1","logGroups":"x"}"#, 400),
    ])
  func errors(body: String, status: Int) throws {
    let answer = try ask(try server(), body)
    #expect(answer.status == status)
    #expect(answer.body.hasPrefix(#"{"error":{"message":""#), "\(answer.body)")
  }

  @Test("diagnostics have the place in Unicode scalars, and check gives them alone")
  func diagnostics() throws {
    let server = try server()
    let query = #"{"query":"fields 'é😀' as x | filter nosuch(1) = 1"}"#
    let answer = try ask(server, query)
    #expect(answer.status == 400)
    #expect(answer.body.contains(#""id":"unknown-function""#))
    #expect(answer.body.contains(#""line":1,"column":27,"start":26,"end":32"#), "\(answer.body)")
    let check = try ask(server, query, path: "/api/check")
    #expect(check.status == 200)
    #expect(check.body.hasPrefix(#"{"diagnostics":[{"severity":"error","id":"unknown-function""#))
    let good = try ask(server, #"{"query":"fields level | limit 5"}"#, path: "/api/check")
    #expect(good.body == #"{"diagnostics":[]}"#)
    let trap = try ask(server, #"{"query":"stats count(*) by bin(300s)"}"#, path: "/api/check")
    #expect(trap.body.contains(#""severity":"warning""#))
  }

  @Test("a body that is no JSON by its type, a wrong method, a body that is too large")
  func transport() throws {
    let server = try server()
    let token = "Authorization: Bearer \(server.token)"
    let plain = try server.send(
      "POST /api/query", [token, "Content-Type: text/plain"], body: #"{"query":"limit 1"}"#)
    #expect(plain.status == 415)
    let get = try server.send("GET /api/query", [token])
    #expect(get.status == 405)
    #expect(get.headers["allow"] == "POST")
    let large = try ask(
      server, #"{"query":"limit 1","x":""# + String(repeating: "x", count: 1 << 20) + #""}"#)
    #expect(large.status == 413)
  }
}
