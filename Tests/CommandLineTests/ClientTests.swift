import Foundation
import InsightsTestSupport
import Testing

/// Real clients, unmodified, against the built program.
///
/// `make clients` installs them; `make check` does so first.
@Suite("real clients", .enabled(if: ServerProgram.hasClients, "run 'make clients' first"))
struct ClientTests {
  @Test("boto3 lists log groups and streams page by page")
  func listings() throws {
    let server = try ServerProgram(["--db", SampleStore.path, "--read-only"])
    let output = try #require(
      try server.python(
        """
        groups = client.describe_log_groups(limit=3)
        names = [group["logGroupName"] for group in groups["logGroups"]]
        pages = list(client.get_paginator("describe_log_groups").paginate(PaginationConfig={"PageSize": 3}))
        all = [group["logGroupName"] for page in pages for group in page["logGroups"]]
        print(all[:3] == names, all == sorted(all), len(all) == len(set(all)), len(pages) > 2)
        group = client.describe_log_groups(logGroupNamePrefix="/aws/lambda/orders-api")["logGroups"][0]
        print(group["arn"], group["logGroupArn"], group["logGroupClass"], group["metricFilterCount"])
        print(group["creationTime"] > 0, group["storedBytes"] > 0, group["deletionProtectionEnabled"])
        pages = client.get_paginator("describe_log_streams").paginate(
            logGroupName="/aws/lambda/orders-api", orderBy="LastEventTime", descending=True,
            PaginationConfig={"PageSize": 1})
        times = [stream["lastEventTimestamp"] for page in pages for stream in page["logStreams"]]
        print(times == sorted(times, reverse=True), len(times) > 1)
        stream = client.describe_log_streams(logGroupIdentifier=group["arn"])["logStreams"][0]
        print(sorted(stream))
        found = client.list_log_groups(logGroupNamePattern="^/aws/lambda/orders|payments")["logGroups"]
        print([found["logGroupName"] for found in found])
        print(sorted(client.describe_log_groups(logGroupNamePattern="orders")["logGroups"][0]))
        """))
    #expect(
      output.standardOutput == """
        True True True True
        arn:aws:logs:eu-west-1:000000000000:log-group:/aws/lambda/orders-api:* arn:aws:logs:eu-west-1:000000000000:log-group:/aws/lambda/orders-api STANDARD 0
        True True False
        True True
        ['arn', 'creationTime', 'firstEventTimestamp', 'lastEventTimestamp', 'lastIngestionTime', 'logStreamName', 'storedBytes']
        ['/aws/lambda/orders-api', '/aws/lambda/payments']
        ['arn', 'creationTime', 'logGroupArn', 'logGroupClass', 'logGroupName', 'metricFilterCount']

        """, "\(output.standardError)")
  }

  @Test("every type and limit of the API's model is checked, with AWS's words and codes")
  func model() throws {
    let server = try ServerProgram()
    let script = Repository.url("Tests/Clients/model.py").path
    let output = try #require(try server.shell("python '\(script)'"))
    #expect(output.standardOutput == "True True\n", "\(output.standardError)")
  }

  @Test("boto3 raises the exceptions that AWS's errors are")
  func errors() throws {
    let server = try ServerProgram(["--db", SampleStore.path, "--read-only"])
    let output = try #require(
      try server.python(
        """
        groups, streams = client.describe_log_groups, client.describe_log_streams
        print(message(groups, limit=51))
        print(message(groups, logGroupNamePrefix="a b", limit=99))
        print(message(groups, logGroupClass="X"))
        print(message(groups, logGroupNamePrefix="a", logGroupNamePattern="b"))
        print(code(streams, logGroupName="a", logGroupIdentifier="b"))
        print(code(streams, logGroupName="/none"), message(streams, logGroupName="/none"))
        token = groups(limit=1)["nextToken"]
        print(code(groups, limit=2, nextToken=token))
        print(message(groups, logGroupNamePrefix="/aws", nextToken=token))
        print(message(groups, nextToken="x"))
        print(code(client.get_transformer, logGroupIdentifier="x"))
        """))
    #expect(
      output.standardOutput == #"""
        1 validation error detected: Value '51' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 50
        2 validation errors detected: Value 'a b' at 'logGroupNamePrefix' failed to satisfy constraint: Member must satisfy regular expression pattern: [\.\-_/#A-Za-z0-9]+; Value '99' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 50
        1 validation error detected: Value 'X' at 'logGroupClass' failed to satisfy constraint: Member must satisfy enum value set: [STANDARD, INFREQUENT_ACCESS, DELIVERY, ESSENTIALS]
        LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.
        ValidationException
        ResourceNotFoundException The specified log group does not exist.
        none
        The specified nextToken is invalid.
        The specified nextToken is invalid.
        InvalidOperationException

        """#, "\(output.standardError)")
  }
}
