import Foundation
import InsightsEngine
import InsightsModel
import InsightsService
import InsightsTestSupport
import InsightsText
import Testing

/// Each address of `/api` beside the command that gives the same.
@Suite("the console's interface")
struct ConsoleAPITests {
  private static func ask(
    _ method: String, _ path: String, query: String = "", body: JSONValue? = nil,
    writes: Int = .max
  ) throws -> (status: Int, text: String) {
    let service = LogService(
      LogService.Options(
        storePath: try SampleStore.path, pack: QueryPack(folders: [Repository.url("Queries").path]))
    )
    let reply = APIEndpoint.reply(
      to: ServiceRequest(
        method: method, path: path, query: query,
        headers: [("content-type", "application/json")], body: body?.bytes ?? []), in: service)
    return (reply.status, reply.text(writes: writes))
  }

  private static func command(_ arguments: String...) throws -> String {
    let output = try Program().run(arguments + ["--db", try SampleStore.path, "--format", "json"])
    return output.standardOutput
  }

  private static func value(_ text: String) throws -> JSONValue {
    try JSONValue(parsing: Array(text.utf8))
  }

  @Test("lists as the commands do")
  func lists() throws {
    #expect(try Self.ask("GET", "/api/groups").text == Self.command("groups"))
    #expect(try Self.ask("GET", "/api/fields").text == Self.command("fields"))
    let info = try #require(try Self.value(Self.ask("GET", "/api/info").text).object)
    #expect(info["events"]?.integer ?? 0 > 700)
    #expect(info["store"]?.string == "samples.db")
  }

  @Test("tails the newest events, and goes on behind those that a client has")
  func tail() throws {
    func line(after: JSONValue?) throws -> (events: Int, after: String) {
      var body: JSONObject = ["filter": "@type = \"REPORT\""]
      body["after"] = after
      let text = try Self.ask("POST", "/api/tail", body: .object(body), writes: 1).text
      let object = try #require(Self.value(text).object)
      return (try #require(object["events"]?.array).count, try #require(object["after"]?.string))
    }
    let first = try line(after: nil)
    #expect(first.events > 50)
    #expect(try line(after: .string(first.after)) == (0, first.after))
    // What is no cursor of this store, or one of a store with more events, begins anew.
    for cursor in ["nonsense", EventPointer(position: 1_000_000, timestamp: 0).text] {
      #expect(try line(after: .string(cursor)) == first)
    }
    // All events stand behind the first position.
    let early = EventPointer(position: 1, timestamp: 0).text
    #expect(try line(after: .string(early)).events >= first.events)
  }

  @Test("triages as the command does, in a range, of a request, and compared")
  func triage() throws {
    #expect(try Self.ask("GET", "/api/triage").text == Self.command("triage"))
    let start = "2026-03-17T02:20:00Z"
    let end = "2026-03-17T02:40:00Z"
    #expect(
      try Self.ask("GET", "/api/triage", query: "start=\(start)&end=\(end)").text
        == Self.command("triage", "--start", start, "--end", end))
    let id = "dac088ea-3d23-4289-b30c-98df504e50d5"
    #expect(
      try Self.ask("GET", "/api/triage", query: "request=\(id)").text == Self.command("triage", id))
    #expect(
      try Self.ask("GET", "/api/triage", query: "start=\(start)&end=\(end)&compare=previous").text
        == Self.command("triage", "--start", start, "--end", end, "--compare", "previous"))
    // A range of one's own: the period before, written out, finds the same.
    let other = "2026-03-17T01:59:59Z/2026-03-17T02:19:59Z"
    let answer = try Self.ask(
      "GET", "/api/triage", query: "start=\(start)&end=\(end)&compare=\(other)"
    ).text
    #expect(
      try answer == Self.command("triage", "--start", start, "--end", end, "--compare", other))
    #expect(
      try answer
        == Self.ask("GET", "/api/triage", query: "start=\(start)&end=\(end)&compare=previous").text)
    #expect(try Self.ask("GET", "/api/triage", query: "compare=\(start)").status == 400)
    #expect(try Self.ask("GET", "/api/triage", query: "request=none").status == 404)
    #expect(try Self.ask("GET", "/api/triage", query: "compare=never").status == 400)
    #expect(try Self.ask("GET", "/api/triage", query: "start=then").status == 400)
  }

  @Test("measures as the command does, and tells which alarms fire")
  func metrics() throws {
    let query =
      "period=1h&alarm=Errors%20Sum%2060s%20%3E%200&alarm=Errors%20Sum%2060s%20%3E%20999&alarm=x"
    let answer = try #require(
      try Self.value(Self.ask("GET", "/api/metrics", query: query).text).object)
    #expect(answer["rows"] == (try Self.value(Self.command("metrics", "--period", "1h"))))
    let fires = answer["alarms"]?.array?.map { $0.object?["fires"]?.bool }
    #expect(fires == [true, false, nil])
    #expect(answer["alarms"]?.array?.last?.object?["error"]?.string?.contains("reads") == true)
  }

  @Test("gives a whole event")
  func record() throws {
    let rows = try Self.value(
      Self.command("query", "filter ispresent(warehouse.id) | fields @ptr | limit 1"))
    let pointer = try #require(rows.array?.first?.object?["@ptr"]?.string)
    let event = try Self.value(Self.ask("GET", "/api/record", query: "ptr=\(pointer)").text)
    #expect(event == (try Self.value(Self.command("record", pointer))).array?.first)
    #expect(event.object?["warehouse.id"] != nil)
    #expect(try Self.ask("GET", "/api/record", query: "ptr=x").status == 400)
  }

  @Test("fills saved queries in, and says what is wrong with parameters")
  func savedQueries() throws {
    let list = try #require(try Self.value(Self.ask("GET", "/api/queries").text).array)
    let cost = try #require(list.first { $0.object?["name"]?.string == "lambda/cost" }?.object)
    #expect(cost["parameters"]?.array?.count == 2)
    func fill(_ name: String, _ parameters: JSONValue) throws -> (status: Int, text: String) {
      try Self.ask(
        "POST", "/api/queries", body: ["name": .string(name), "parameters": parameters])
    }
    let filled = try fill("lambda/cost", ["gb_second_price": "0.5"])
    #expect(filled.text.contains("gbSeconds") && filled.text.contains("* 0.5"))
    #expect(try fill("lambda/cost", ["gb_second_price": "much"]).status == 400)
    #expect(try fill("lambda/cost", ["price": "1"]).status == 400)
    #expect(try fill("lambda/none", [:]).status == 404)
  }

  @Test(
    "completes commands, functions, fields, log groups and saved queries",
    arguments: [
      ("fil", "filter", 0), ("filter @ty", "@type", 7), ("fields strl", "strlen(", 7),
      ("filter ware", "warehouse.id", 7), ("SOURCE '/aws/lambda/pay", "/aws/lambda/payments", 8),
      ("SOURCE \"stock", "/aws/lambda/stock-sync", 8), ("$lambda/cos", "$`lambda/cost`(", 0),
      ("filter a = 1\n| $`lambda/cos", "$`lambda/cost`(", 15),
      ("filter \"🎈\" = le", "level", 13),
    ])
  func completion(text: String, expected: String, start: Int) throws {
    let answer = try Self.value(
      Self.ask("POST", "/api/complete", body: ["text": .string(text)]).text)
    let candidates = answer.object?["candidates"]?.array?.compactMap { $0.object?["text"]?.string }
    #expect(candidates?.contains(expected) == true, "\(candidates ?? [])")
    #expect(answer.object?["start"]?.integer == Int64(start))
  }

  @Test("saved queries are completed where a call may stand, and can be run as they are written")
  func completedCalls() throws {
    func candidates(_ text: String) throws -> [String] {
      let answer = try Self.value(
        Self.ask("POST", "/api/complete", body: ["text": .string(text)]).text)
      return try #require(answer.object?["candidates"]?.array).compactMap {
        $0.object?["text"]?.string
      }
    }
    let calls = try candidates("$Lambda/c")
    #expect(calls.count > 1)
    for call in calls {
      let query: JSONValue = ["query": .string("\(call))")]
      let answer = try Self.ask("POST", "/api/check", body: query)
      #expect(answer.status == 200 && !answer.text.contains("\"error\""), "\(answer.text)")
    }
    #expect(try candidates("fields @message | $").contains("$`lambda/cost`("))
    for text in ["fields a$lambda/c", "$`lambda/cost`", "fields $lambda/c"] {
      #expect(try !candidates(text).contains { $0.hasPrefix("$") }, "\(text)")
    }
  }

  @Test("explains each stage", arguments: ["tokens", "syntax", "plan", "sql", "sqlite", "scan"])
  func explanation(stage: String) throws {
    let query = "filter @type = \"REPORT\" | stats count(*) by bin(5m)"
    let answer = try Self.value(
      Self.ask("POST", "/api/explain", body: ["query": .string(query), "stage": .string(stage)])
        .text)
    #expect(answer.object?["text"]?.string?.isEmpty == false)
    let wrong = try Self.ask("POST", "/api/explain", body: ["query": "filtr x", "stage": "plan"])
    #expect(wrong.status == 400)
    #expect(wrong.text.contains("unknown-command"))
  }

  @Test(
    "exports all rows as the command does", arguments: ["json", "csv", "ndjson", "tsv", "markdown"])
  func export(format: String) throws {
    let query = "fields @timestamp, @message | sort @timestamp asc"
    let output = try Program().run([
      "query", query, "--limit", "all", "--db", try SampleStore.path, "--format", format,
    ])
    let answer = try Self.ask(
      "POST", "/api/export", body: ["query": .string(query), "format": .string(format)])
    #expect(answer.text == output.standardOutput)
    #expect(answer.text.count > 10_000)
  }

  @Test("an export beyond what is held in memory is whole", arguments: ["json", "ndjson", "aws"])
  func largeExport(format: String) throws {
    let program = try Program()
    // 8 MB: some of it waits in a file.
    let lines = (0..<20_000).map {
      "2026-01-01T00:00:00.000Z \($0) \(String(repeating: "é", count: 200))\n"
    }
    try Data(lines.joined().utf8).write(to: URL(fileURLWithPath: program.path("many.log")))
    _ = try program.run(["ingest", "many.log", "--db", "many.db"])
    let query = "fields @message"
    let output = try program.run([
      "query", query, "--limit", "all", "--db", "many.db", "--format", format,
    ])
    let service = LogService(LogService.Options(storePath: program.path("many.db")))
    let body: JSONValue = ["query": .string(query), "format": .string(format)]
    let reply = APIEndpoint.reply(
      to: ServiceRequest(
        path: "/api/export", headers: [("content-type", "application/json")], body: body.bytes),
      in: service)
    #expect(reply.status == 200)
    #expect(reply.text == output.standardOutput)
    #expect(output.standardOutput.utf8.count > 8_000_000)
  }

  @Test("an export that fails has no rows, and tells why")
  func failingExport() throws {
    let text = "fields nosuch(@message)"
    let answer = try Self.ask(
      "POST", "/api/export", body: ["query": .string(text), "format": "csv"])
    #expect(answer.status == 400)
    #expect(answer.text.contains("unknown-function"))
    #expect(try Self.ask("POST", "/api/export", body: ["format": "csv"]).status == 400)
  }

  @Test(
    "what was meant can be put in",
    arguments: [
      ("filtr level = \"x\"", "filter level = \"x\""),
      ("fields strln(@message)", "fields strlen(@message)"),
      ("filter @messge like /x/", "filter @message like /x/"),
      ("filter leve = \"ERROR\" | limit 5", "filter level = \"ERROR\" | limit 5"),
      ("limit 5 | distinct level", "limit 5 | stats count(*) by level"),
      ("distinct level", "stats count(*) by level"),
      ("fields '🎈é' as x | filtr x = 1", "fields '🎈é' as x | filter x = 1"),
    ])
  func fixes(text: String, mended: String) throws {
    let answer = try Self.value(
      Self.ask("POST", "/api/check", body: ["query": .string(text)]).text)
    let fixes = answer.object?["diagnostics"]?.array?.compactMap { $0.object?["fix"]?.object }
    let fix = try #require(fixes?.first, "\(answer.text)")
    var scalars = Array(text.unicodeScalars)
    let start = Int(try #require(fix["start"]?.integer))
    let end = Int(try #require(fix["end"]?.integer))
    scalars.replaceSubrange(start..<end, with: try #require(fix["text"]?.string).unicodeScalars)
    var result = String.UnicodeScalarView()
    result.append(contentsOf: scalars)
    #expect(String(result) == mended)
    let again = try Self.ask("POST", "/api/check", body: ["query": .string(mended)])
    #expect(!again.text.contains("\"error\""))
  }

  @Test("answers a dashboard as the command does")
  func dashboard() throws {
    let program = try Program()
    let body =
      #"{"widgets": [{"type": "log", "properties": {"query": "stats count(*) by @type"}}]}"#
    try Data(body.utf8).write(to: URL(fileURLWithPath: program.path("dashboard.json")))
    let start = "2026-03-17T01:00:00Z"
    let output = try program.run([
      "run", "dashboard.json", "--db", try SampleStore.path, "--format", "json", "--start", start,
    ])
    let answer = try Self.ask(
      "POST", "/api/dashboard",
      body: ["dashboard": try Self.value(body), "start": 1_773_709_200_000])
    #expect(answer.text == output.standardOutput)
    #expect(answer.text.contains("REPORT"))
    #expect(try Self.ask("POST", "/api/dashboard", body: ["dashboard": [:]]).status == 400)
  }
}
