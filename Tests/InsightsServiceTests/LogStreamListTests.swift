import Foundation
import InsightsEngine
import InsightsIngest
import InsightsService
import InsightsTestSupport
import InsightsText
import Testing

@Suite("lists of log streams")
struct LogStreamListTests {
  private static func call(
    _ operation: String, _ input: JSONObject, in service: LogService
  ) throws -> JSONObject {
    let reply = AWSEndpoint.reply(
      to: ServiceRequest(
        headers: [(name: "x-amz-target", value: "Logs_20140328.\(operation)")],
        body: JSONValue.object(input).bytes), in: service)
    #expect(reply.status == 200, "\(reply.text)")
    return reply.text.isEmpty ? [:] : try JSONValue(parsing: Array(reply.text.utf8)).object ?? [:]
  }

  @Test("the last ingestion is when events came, whatever their own times")
  func lastIngestion() throws {
    let folder = try TemporaryFolder()
    let service = LogService(LogService.Options(storePath: "\(folder.path)/a.db"))
    let group: JSONObject = ["logGroupName": "g"]
    var stream = group
    stream["logStreamName"] = "s"
    let start = LogService.now
    let old = start - 3_600_000
    _ = try Self.call("CreateLogGroup", group, in: service)
    _ = try Self.call("CreateLogStream", stream, in: service)
    var events = stream
    events["logEvents"] = [["timestamp": .integer(old), "message": "an hour old"]]
    _ = try Self.call("PutLogEvents", events, in: service)
    let listed = try Self.call("DescribeLogStreams", group, in: service)
    let entry = try #require(listed["logStreams"]?.array?.first?.object)
    #expect(entry["lastEventTimestamp"]?.integer == old)
    #expect(try #require(entry["lastIngestionTime"]?.integer) >= start)
    #expect(try service.stop())
  }

  @Test("all are listed, however many, and those of files have the time of their last event")
  func many() throws {
    let folder = try TemporaryFolder()
    let count = 10_050
    let lines = (0..<count).map {
      #"{"logGroup":"g","logStream":"s\#($0)","timestamp":\#(1_700_000_000_000 + $0),"message":"x"}"#
    }
    let log = "\(folder.path)/a.ndjson"
    try lines.joined(separator: "\n").write(toFile: log, atomically: true, encoding: .utf8)
    let store = "\(folder.path)/a.db"
    _ = try Engine.ingest([log], intoStoreAt: store, options: ImportOptions())
    let service = LogService(LogService.Options(storePath: store, isReadOnly: true))
    #expect(try service.catalogue().group("g")?.streams.count == count)
    // The oldest one.
    let listed = try Self.call(
      "DescribeLogStreams", ["logGroupName": "g", "logStreamNamePrefix": "s0"], in: service)
    let entry = try #require(listed["logStreams"]?.array?.first?.object)
    #expect(entry["logStreamName"]?.string == "s0")
    #expect(entry["lastIngestionTime"]?.integer == 1_700_000_000_000)
  }
}
