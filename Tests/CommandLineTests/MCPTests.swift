import Foundation
import InsightsTestSupport
import Testing

/// The official client library of MCP against the built program, over both transports and in both eras.
@Suite("agents over MCP", .enabled(if: ServerProgram.hasClients, "run 'make clients' first"))
struct MCPTests {
  /// A transport and the era that the client asks for.
  struct Way: Sendable, CustomTestStringConvertible {
    var transport: String
    var mode: String
    var testDescription: String { "\(transport), \(mode)" }
  }

  static let ways = ["stdio", "http"].flatMap { transport in
    ["legacy", "auto", "2026-07-28"].map { Way(transport: transport, mode: $0) }
  }

  private func output(_ way: Way, _ body: String) throws -> String {
    let server = try ServerProgram(["--db", SampleStore.path, "--read-only"])
    let lines = body.split(separator: "\n", omittingEmptySubsequences: false)
    let script = """
      async def main():
          async with connected("\(way.transport)", "\(way.mode)") as client:
              tools = await schemas(client)
      \(lines.map { "        \($0)" }.joined(separator: "\n"))

      run(main())
      """
    let output = try #require(try server.mcp(script, store: SampleStore.path))
    #expect(output.status == 0, "\(output.standardError)")
    return output.standardOutput
  }

  @Test("The tools are listed with schemas that are valid, and read only", arguments: ways)
  func listing(way: Way) throws {
    let output = try output(
      way,
      """
      print(client.protocol_version, await server_name(client))
      print(all(tool.annotations.read_only_hint for tool in tools.values()), len(tools))
      print(sorted(tools))
      """)
    let version = way.mode == "legacy" ? "2025-11-25" : "2026-07-28"
    #expect(
      output == """
        \(version) insights
        True 16
        ['analyze_log_group', 'cancel_logs_insight_query', 'check_query', 'describe_fields', 'describe_log_groups', 'execute_cwl_insights_batch', 'execute_log_insights_query', 'explain_query', 'get_logs_insight_query_results', 'list_saved_queries', 'metrics', 'recommend_indexes_account', 'recommend_indexes_loggroup', 'request_story', 'run_saved_query', 'triage']

        """)
  }

  @Test(
    "Every tool gives what its schema says, in text and as structure",
    arguments: [ways[0], ways[5]])
  func results(way: Way) throws {
    let output = try output(
      way,
      """
      times = dict(start_time="2020-01-01T00:00:00Z", end_time="2030-01-01T00:00:00+00:00")
      group = "/aws/lambda/payments"
      triage = await call(client, tools, "triage")
      print(len(triage["findings"]) > 3, triage["looked_at"]["events"] > 100, triage["messages"])
      id = triage["findings"][0]["request_id"]
      story = await call(client, tools, "request_story", request_id=id)
      same = await call(client, tools, "triage", request_id=id)
      print(story == same, len(story["request"]["timeline"]) > 1, len(story["findings"]) > 0)
      groups = await call(client, tools, "describe_log_groups", log_group_name_prefix=group)
      print([g["logGroupName"] for g in groups["log_group_metadata"]], groups["saved_queries"])
      fields = await call(client, tools, "describe_fields", name_contains="duration")
      print([field["name"] for field in fields["fields"]])
      rows = await call(
          client, tools, "execute_log_insights_query", log_group_names=[group],
          query_string="stats count(*) as n by @type | sort n desc | limit 2", **times)
      print(rows["status"], [sorted(row) for row in rows["results"]], rows["statistics"]["resultCount"])
      again = await call(
          client, tools, "get_logs_insight_query_results", query_id=rows["queryId"])
      print(again["results"] == rows["results"], again["status"])
      batch = await call(
          client, tools, "execute_cwl_insights_batch", log_group_names=["/aws/lambda/*"],
          regions=["eu-west-1", "us-east-1"], query_string="stats count(*) as n", **times)
      print(len(batch["results"]), batch["results"][0]["_region"], batch["summary"]["failed_chunks"])
      patterns = await call(
          client, tools, "analyze_log_group",
          log_group_arn=groups["log_group_metadata"][0]["logGroupArn"], **times)
      samples = [row["@logSamples"] for row in patterns["top_patterns"]["results"]]
      print(len(samples), all(len(sample) == 1 for sample in samples))
      print((await call(client, tools, "check_query", query_string="stats count(*)"))["valid"])
      wrong = await call(client, tools, "check_query", query_string="filter strlne(@message) > 3")
      print(wrong["valid"], wrong["diagnostics"][0]["id"], wrong["diagnostics"][0]["start"])
      plan = await call(client, tools, "explain_query", query_string="stats count(*)")
      print(plan["text"].split()[0], plan["stage"])
      saved = await call(client, tools, "list_saved_queries", name_prefix="lambda/")
      print("lambda/errors" in [query["name"] for query in saved["queries"]])
      errors = await call(client, tools, "run_saved_query", name="lambda/errors", limit=2)
      print(errors["row_count"], len(errors["rows"]))
      metrics = await call(client, tools, "metrics", log_group_names=[group])
      # Gateways also tell of refused calls of other functions.
      print([(row["function"], row["Errors"]) for row in metrics["metrics"] if row["Invocations"] > 0])
      print((await call(client, tools, "recommend_indexes_account"))["total_log_groups_analyzed"])
      advice = await call(
          client, tools, "recommend_indexes_loggroup", log_group_identifier=group)
      print(advice["queries_analyzed"] > 0, advice["log_group"] == group)
      """)
    #expect(
      output == """
        True True []
        True True True
        ['/aws/lambda/payments'] []
        ['@duration', '@billedDuration', '@initDuration', 'record.metrics.billedDurationMs', 'record.metrics.durationMs', 'record.metrics.initDurationMs']
        Complete [['n'], ['@type', 'n']] 2.0
        True Complete
        1 eu-west-1 0
        5 True
        True
        False unknown-function 7
        scan plan
        True
        2 2
        [('payments', 5)]
        2
        True True

        """)
  }

  @Test(
    "What a tool cannot do it says so that a model knows what to do next",
    arguments: [ways[1], ways[3]])
  func failures(way: Way) throws {
    let output = try output(
      way,
      """
      times = dict(start_time="-3h", end_time="now")
      print(await failure(client, "execute_log_insights_query", query_string="filter strlne(@message) > 3", **times))
      print(await failure(client, "execute_log_insights_query", query_string="limit 1", log_group_names=["a"], log_group_identifiers=["b"], **times))
      print(await failure(client, "execute_log_insights_query", query_string="limit 1", start_time="5 o'clock", end_time="now"))
      print(await failure(client, "request_story", request_id="none-such"))
      print(await failure(client, "run_saved_query", name="lambda/eror"))
      print(await failure(client, "run_saved_query", name="lambda/errors", parameters={"x": "1"}))
      print(await failure(client, "get_logs_insight_query_results", query_id="x"))
      print(await failure(client, "triage", request="x"))
      empty = await call(
          client, tools, "execute_log_insights_query", query_string="limit 1",
          log_group_names=["/aws/lambda/paymets"], **times)
      print(empty["messages"])
      # The time is a reason only where the range may be a wrong one.
      for start, end in ("2030-01-01", "2031-01-01"), ("2000-01-01", "2031-01-01"), ("2000-01-01", "2001-01-01"):
          none = await call(
              client, tools, "execute_log_insights_query", query_string="filter @message = 'none such'",
              start_time=start, end_time=end)
          print("time:", start, end, none["messages"])
      print((await call(client, tools, "describe_fields", name_contains="none such"))["messages"])
      try:
          await client.call_tool("triag", {})
      except MCPError as error:
          print(error.error.code, error.error.message)
      """)
    #expect(
      output.hasPrefix(
        """
        error: unknown function 'strlne'
         --> query:1:8
          |
        1 | filter strlne(@message) > 3
          |        ^^^^^^
        """), "\(output)")
    #expect(output.contains("give either 'log_group_names' or 'log_group_identifiers', not both"))
    #expect(output.contains("'start_time' takes a time, not '5 o'clock'"))
    #expect(output.contains("no log here names a request 'none-such'"))
    #expect(output.contains("did you mean 'lambda/errors'"))
    #expect(output.contains("unknown parameter 'x'"))
    #expect(output.contains("there is no query 'x'"))
    #expect(output.contains("there is no 'request'; did you mean 'request_id'?"))
    #expect(output.contains("no log group is named '/aws/lambda/paymets'"))
    #expect(output.contains("time: 2030-01-01 2031-01-01 ['the range begins after all events: the"))
    #expect(output.contains("time: 2000-01-01 2031-01-01 []"))
    #expect(output.contains("time: 2000-01-01 2001-01-01 ['the newest event of all is of 2026-"))
    #expect(output.contains("no field has 'none such' in its name"))
    #expect(output.contains("-32602 unknown tool 'triag'; did you mean 'triage'?"))
  }

  @Test("Progress is told where it is asked for, and grows", arguments: ways)
  func progress(way: Way) throws {
    let output = try output(
      way,
      """
      told = []

      async def tell(progress, total, message):
          told.append(progress)

      await client.call_tool("triage", {}, progress_callback=tell)
      print(told[0], len(told) > 1, told == sorted(set(told)))
      """)
    #expect(output == "0.0 True True\n")
  }
}
