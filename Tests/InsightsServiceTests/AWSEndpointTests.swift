@testable import InsightsService
import InsightsTestSupport
import InsightsText
import Testing

@Suite("wire of the AWS API")
struct AWSEndpointTests {
  static func service() throws -> LogService {
    LogService(LogService.Options(storePath: try SampleStore.path, isReadOnly: true))
  }

  /// Sends a call and gives the reply with its body read.
  static func call(
    _ target: String?, _ body: String, headers: [(String, String)] = []
  ) throws -> (reply: Reply, body: JSONValue) {
    var headers = headers.map { (name: $0.0, value: $0.1) }
    if let target { headers.append(("x-amz-target", target)) }
    let reply = AWSEndpoint.reply(
      to: ServiceRequest(headers: headers, body: Array(body.utf8)), in: try service())
    guard case .bytes(let bytes) = reply.body else { return (reply, .null) }
    return (reply, bytes.isEmpty ? .null : try JSONValue(parsing: bytes))
  }

  @Test("an operation is carried out or refused as a whole, never both")
  func servedOrNot() {
    let served = AWSOperationRegistry.all.map { $0.name }
    #expect(served.filter { UnservedOperations.isKnown($0) } == [])
  }

  @Test(
    "the operation is what stands behind the last dot",
    arguments: ["Logs_20140328.DescribeLogGroups", "DescribeLogGroups", "a.b.DescribeLogGroups"])
  func target(target: String) throws {
    let (reply, body) = try Self.call(target, "")
    #expect(reply.status == 200)
    #expect(body.object?["logGroups"]?.array?.isEmpty == false)
    #expect(reply.headers.contains { $0.name == "x-amzn-RequestId" && $0.value.count == 36 })
    #expect(reply.headers.contains { $0 == ("content-type", "application/x-amz-json-1.1") })
  }

  @Test(
    "bad requests are errors of the client, with the code in body and header",
    arguments: [
      (nil, "{}", "UnknownOperationException"),
      ("Logs_20140328.", "{}", "UnknownOperationException"),
      ("Logs_20140328.DescribeNothing", "{}", "UnknownOperationException"),
      ("x.DescribeLogGroups", "{", "SerializationException"),
      ("x.DescribeLogGroups", "[]", "SerializationException"),
      ("x.DescribeLogGroups", "{} x", "SerializationException"),
      ("x.DescribeLogGroups", #"{"limit": "5"}"#, "SerializationException"),
      ("x.DescribeLogGroups", #"{"limit": 1.5}"#, "SerializationException"),
      ("x.DescribeLogGroups", #"{"logGroupNamePrefix": ["a"]}"#, "SerializationException"),
      ("x.DescribeLogGroups", #"{"accountIdentifiers": [5]}"#, "SerializationException"),
      ("x.DescribeLogGroups", #"{"limit": 0}"#, "InvalidParameterException"),
      ("x.CreateDelivery", "{}", "ValidationException"),
    ])
  func badRequests(target: String?, body: String, code: String) throws {
    let (reply, answer) = try Self.call(target, body)
    #expect(reply.status == 400)
    #expect(answer.object?["__type"]?.string == code)
    #expect(answer.object?["message"]?.string?.isEmpty == false)
    #expect(reply.headers.contains { $0 == ("x-amzn-errortype", code) })
    #expect(reply.headers.contains { $0.name == "x-amzn-RequestId" })
  }

  @Test("null is absent, unknown members are ignored, whole numbers may have a point")
  func leniency() throws {
    let (reply, _) = try Self.call(
      "x.DescribeLogGroups", #"{"limit": 2.0, "logGroupNamePrefix": null, "new": {"a": [1]}}"#)
    #expect(reply.status == 200)
  }

  @Test("ARNs are of the region that the request is signed for")
  func region() throws {
    let (_, body) = try Self.call(
      "x.ListLogGroups", "{}",
      headers: [
        (
          "authorization",
          "AWS4-HMAC-SHA256 Credential=A/20261129/ap-south-1/logs/aws4_request, X=y"
        )
      ])
    let arn = body.object?["logGroups"]?.array?.first?.object?["logGroupArn"]?.string
    #expect(arn?.hasPrefix("arn:aws:logs:ap-south-1:000000000000:log-group:") == true)
  }

  @Test("every operation is there once, and its patterns compile")
  func registry() throws {
    let names = AWSOperationRegistry.all.map { $0.name }
    #expect(Set(names).count == names.count)
    for operation in AWSOperationRegistry.all {
      #expect(operation.members.allSatisfy { $0.shape.isValid }, "\(operation.name)")
    }
  }
}
