import InsightsTestSupport
import Testing

@Suite("the event behind a pointer")
struct RecordTests {
  private func program() throws -> Program {
    let program = try Program()
    let lines = [
      #"2026-02-11T09:00:00.000Z {"level":"INFO","a.b":1}"#,
      "2026-02-11T09:00:01.000Z REPORT RequestId: 8329e494-91fc-4ed0-ac07-bf7e495d3335\tDuration: "
        + "14.97 ms\tBilled Duration: 15 ms\tMemory Size: 128 MB\tMax Memory Used: 67 MB\t",
      #"2026-02-11T09:00:01.000Z {"level":"ERROR","nested":{"list":[1,{"deep":"x"}]}}"#,
    ]
    let file = try program.folder.write(lines.joined(separator: "\n") + "\n", to: "x.log")
    let ingest = try program.run(
      "ingest", file, "--log-group", "/aws/lambda/x", "--log-stream", "s")
    #expect(ingest.status == 0)
    return program
  }

  /// The pointer of the only event that a filter keeps.
  private func pointer(_ program: Program, _ filter: String) throws -> String {
    let output = try program.run("query", "filter \(filter) | display @ptr", "--format", "csv")
    return try #require(
      output.standardOutput.split(separator: "\n").dropFirst().first.map(String.init))
  }

  @Test("a record has all fields of its event, also of one with others at the same time")
  func allFields() throws {
    let program = try program()
    let pointer = try pointer(program, "level = \"ERROR\"")
    #expect(pointer.hasPrefix("e"))
    let output = try program.run("record", pointer, "--format", "json")
    #expect(output.status == 0)
    let records = try #require(
      try json(output.standardOutput) as? [[String: Any]])
    let record = try #require(records.first)
    #expect(record["@timestamp"] as? String == "2026-02-11 09:00:01.000")
    #expect(record["@log"] as? String == "000000000000:/aws/lambda/x")
    #expect(record["@logStream"] as? String == "s")
    #expect(record["@ptr"] as? String == pointer)
    #expect(record["level"] as? String == "ERROR")
    #expect(record["nested.list.1.deep"] as? String == "x")
    #expect(
      record["@message"] as? String == #"{"level":"ERROR","nested":{"list":[1,{"deep":"x"}]}}"#)
    #expect(record["@duration"] == nil)
  }

  @Test("a line without keys has the fields of its places")
  func flowLog() throws {
    let program = try Program()
    let line =
      "2 123456789010 eni-abc123de 192.0.2.0 192.0.2.24 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK"
    let file = try program.folder.write("2026-02-11T09:00:00.000Z \(line)\n", to: "flow.log")
    #expect(try program.run("ingest", file, "--log-group", "flows").status == 0)
    let output = try program.run(
      "record", try pointer(program, "ispresent(@message)"), "--format", "json")
    let record = try #require((try json(output.standardOutput) as? [[String: Any]])?.first)
    #expect(record["srcAddr"] as? String == "192.0.2.0")
    #expect(record["bytes"] as? Int == 4249)
  }

  @Test("the reply of GetLogRecord: texts only, times in milliseconds, numbers as Java writes them")
  func aws() throws {
    let program = try program()
    let output = try program.run(
      "record", try pointer(program, "@type = \"REPORT\""), "--format", "aws")
    let reply = try #require(try json(output.standardOutput) as? [String: Any])
    let record = try #require(reply["logRecord"] as? [String: String])
    #expect(record["@timestamp"] == "1770800401000")
    #expect(record["@billedDuration"] == "15.0")
    #expect(record["@memorySize"] == "1.28E8")
    #expect(record["@requestId"] == "8329e494-91fc-4ed0-ac07-bf7e495d3335")
  }

  @Test("a table shows a field a line; a pointer of another store or none says so")
  func refusals() throws {
    let program = try program()
    let pointer = try pointer(program, "level = \"INFO\"")
    let output = try program.run("record", pointer)
    #expect(output.standardOutput.contains("level       INFO\n"))
    #expect(try program.run("record", "7").status == 64)
    let other = try program.folder.write("2026-01-01T00:00:00.000Z other\n", to: "other.log")
    let foreign = try program.run("record", pointer, "--from", other)
    #expect(foreign.status == 66)
    #expect(foreign.standardError.contains("no event is behind this pointer"))
  }
}
