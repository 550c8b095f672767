import Foundation
import InsightsTestSupport
import Testing

/// Queries by real clients, against the built program.
@Suite(
  "queries by real clients", .enabled(if: ServerProgram.hasClients, "run 'make clients' first"))
struct QueryClientTests {
  private func server(_ options: String...) throws -> ServerProgram {
    try ServerProgram(["--db", SampleStore.path, "--read-only"] + options)
  }

  private func expect(
    _ server: ServerProgram, _ script: String, prints expected: String,
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    let output = try #require(try server.python(script))
    #expect(
      output.standardOutput == expected + "\n", "\(output.standardError)", sourceLocation: location)
  }

  @Test(
    "rows and statistics are those of --format aws",
    arguments: [
      "fields @timestamp, @message, @duration | sort @timestamp asc | limit 40",
      "filter @type = 'REPORT' | fields @duration, @billedDuration, @memorySize, @requestId",
      "stats count(*) as n, avg(@duration), max(@timestamp) by bin(1h)", "limit 3",
      "filter nothing = 1", "fields @ptr, @log, level | limit 5", "pattern @message | limit 3",
    ])
  func sameAsCommandLine(query: String) throws {
    let server = try server()
    let group = "/aws/lambda/orders-api"
    let printed = try Program().run(
      "query", query, "--db", SampleStore.path, "--format", "aws", "--log-group", group, "--now",
      "1800000000000")
    try Data(printed.standardOutput.utf8).write(to: URL(fileURLWithPath: server.path("aws.json")))
    try Data(query.utf8).write(to: URL(fileURLWithPath: server.path("query")))
    try expect(
      server,
      """
      expected = json.load(open("aws.json"))
      reply = query(open("query").read(), logGroupName="\(group)")
      for name in ["results", "statistics", "status", "queryLanguage"]:
          print(name, reply[name] == expected[name])
      """,
      prints: """
        results True
        statistics True
        status True
        queryLanguage True
        """)
  }

  @Test("log groups by name, ARN, with ':' or ':*' behind, and by SOURCE; seconds or milliseconds")
  func ranges() throws {
    try expect(
      try server(),
      """
      group = "/aws/lambda/orders-api"
      arn = "arn:aws:logs:eu-west-1:000000000000:log-group:" + group
      count = "stats count(*) as n, min(@timestamp) as first, max(@timestamp) as last"
      whole = rows(query(count, logGroupName=group))[0]
      n, first, last = int(whole["n"]), int(whole["first"]), int(whole["last"])
      def counted(text="stats count(*) as n", **members):
          return int(rows(query(text, **members))[0]["n"]) - n
      print([counted(logGroupIdentifiers=[name]) for name in [group, arn, arn + ":", arn + ":*", group + ":*"]])
      print(counted(logGroupNames=[group, group]), counted(f"SOURCE '{group}' | stats count(*) as n"))
      # The whole end second belongs to the range; seconds and milliseconds mean the same.
      print(counted(logGroupName=group, start=first // 1000, end=last // 1000))
      print(counted(logGroupName=group, start=first, end=last))
      print(counted(logGroupName=group, start=first + 1, end=last) < 0, counted(logGroupName=group, start=first, end=last - 1) < 0)
      print(len(query("limit 7", logGroupName=group, limit=3)["results"]))
      print(len(query("limit 2", logGroupName=group, limit=30)["results"]))
      """,
      prints: """
        [0, 0, 0, 0, 0]
        0 0
        0
        0
        True True
        3
        2
        """)
  }

  @Test("what is wrong with a query is told before it runs, parameters first")
  func errors() throws {
    try expect(
      try server(),
      """
      group = "/aws/lambda/orders-api"
      start = lambda **members: code(client.start_query, **{"startTime": 1, "endTime": 2, "queryString": "limit 1", **members})
      print(start(), start(logGroupName=group, logGroupNames=[group]), start(logGroupName=group, startTime=3))
      print(start(logGroupName=group, queryLanguage="SQL"), start(logGroupName=group, limit=100001))
      print(start(queryString="SOURCE '/none' | limit 1"), start(queryString="SOURCE logGroups(namePrefix: ['/none']) | limit 1"))
      print(start(logGroupName="/none"), start(logGroupName="/none", queryString="nonsense"), start(logGroupName=group, queryString="x" * 10001))
      found = None
      try: client.start_query(logGroupName=group, startTime=1, endTime=2, queryString="fields 'é' as x | filter nosuch(@message) = 1")
      except client.exceptions.MalformedQueryException as malformed: found = malformed.response
      place = found["queryCompileError"]["location"]
      print("fields 'é' as x | filter nosuch(@message) = 1"[place["startCharOffset"]:place["endCharOffset"]])
      print("at line 1 and position 25" in found["Error"]["Message"], found["Error"]["Message"].startswith(found["queryCompileError"]["message"] + " at line"))
      print(code(client.get_query_results, queryId="x"), code(client.stop_query, queryId="x"))
      id = client.start_query(logGroupName=group, startTime=1, endTime=2, queryString="limit 1")["queryId"]
      print(wait(id)["status"], code(client.stop_query, queryId=id))
      print("Query is not in Running or Scheduled state" in message(client.stop_query, queryId=id))
      """,
      prints: """
        InvalidParameterException InvalidParameterException InvalidParameterException
        InvalidParameterException InvalidParameterException
        ResourceNotFoundException none
        ResourceNotFoundException ResourceNotFoundException InvalidParameterException
        nosuch
        True True
        ResourceNotFoundException ResourceNotFoundException
        Complete InvalidParameterException
        True
        """)
  }

  @Test("results stay readable page by page, and a token is of its query alone")
  func pages() throws {
    try expect(
      try server(),
      """
      members = {"logGroupName": "/aws/lambda/orders-api", "startTime": 0, "endTime": 9999999999}
      id = client.start_query(queryString="fields @message | limit 25", **members)["queryId"]
      other = client.start_query(queryString="fields @message | limit 26", **members)["queryId"]
      whole = wait(id)["results"]
      def pages(size):
          rows, token, count = [], None, 0
          while True:
              page = client.get_query_results(queryId=id, maxItems=size, **({"nextToken": token} if token else {}))
              rows += page["results"]; token = page.get("nextToken"); count += 1
              assert page["statistics"]["resultCount"] == 25.0, page["statistics"]
              if not token: return rows, count
      for size in [1, 7, 10, 24, 25, 10000]: print(size, pages(size)[0] == whole, pages(size)[1])
      token = client.get_query_results(queryId=id, maxItems=5)["nextToken"]
      print(code(client.get_query_results, queryId=other, nextToken=token), code(client.get_query_results, queryId=id, nextToken="x"))
      queries = client.describe_queries(maxResults=1)
      print(queries["queries"][0]["queryId"] == other, queries["queries"][0]["queryString"])
      print(client.describe_queries(maxResults=1, nextToken=queries["nextToken"])["queries"][0]["queryId"] == id)
      print(client.describe_queries(status="Failed")["queries"], len(client.describe_queries(logGroupName="/aws/lambda/orders-api")["queries"]))
      print(client.meta.service_model.operation_names.count("ListLogGroupsForQuery") and client.list_log_groups_for_query(queryId=id)["logGroupIdentifiers"])
      """,
      prints: """
        1 True 25
        7 True 4
        10 True 3
        24 True 2
        25 True 1
        10000 True 1
        InvalidParameterException InvalidParameterException
        True SOURCE "/aws/lambda/orders-api" START=0000 END=9999999999999 | fields @message | limit 26
        True
        [] 2
        ['arn:aws:logs:eu-west-1:000000000000:log-group:/aws/lambda/orders-api']
        """)
  }

  @Test("a query that names its log groups itself is listed with them")
  func listedBySource() throws {
    try expect(
      try server(),
      """
      def groups(text):
          id = client.start_query(startTime=0, endTime=9999999999, queryString=text)["queryId"]
          arns = client.list_log_groups_for_query(queryId=id)["logGroupIdentifiers"]
          return [arn.split("log-group:")[1] for arn in arns]
      orders = "SOURCE '/aws/lambda/orders-api' | limit 1"
      print(groups(orders), groups("SOURCE logGroups(namePrefix: ['/aws/lambda/pay']) | limit 1"))
      print(groups("SOURCE invocations | limit 1") == [group["logGroupName"] for group in client.describe_log_groups()["logGroups"]])
      listed = client.describe_queries(logGroupName="/aws/lambda/orders-api")["queries"]
      print([(query["queryString"] == orders, query["logGroupName"]) for query in listed])
      """,
      prints: """
        ['/aws/lambda/orders-api'] ['/aws/lambda/payments']
        True
        [(True, '/aws/lambda/orders-api')]
        """)
  }

  @Test("a pointer leads to the whole event, also on a server that was started anew")
  func records() throws {
    let script = """
      found = rows(query("filter @type = 'REPORT' | limit 1", logGroupName="/aws/lambda/orders-api"))[0]
      record = client.get_log_record(logRecordPointer=found["@ptr"])["logRecord"]
      print(record["@message"] == found["@message"], record["@timestamp"].isdigit(), record["@log"])
      print(code(client.get_log_record, logRecordPointer="x"), found["@ptr"])
      """
    let first = try #require(try server().python(script))
    #expect(first.standardOutput == (try #require(try server().python(script))).standardOutput)
    #expect(
      first.standardOutput.hasPrefix(
        "True True 000000000000:/aws/lambda/orders-api\nInvalidParameterException e"),
      "\(first.standardError)")
  }

  @Test("fields of a group, around a time or of its newest minutes")
  func fields() throws {
    try expect(
      try server(),
      """
      group = "/aws/lambda/orders-api"
      fields = client.get_log_group_fields(logGroupName=group)["logGroupFields"]
      shares = {field["name"]: field["percent"] for field in fields}
      print(shares["@message"], shares["@timestamp"], "@ptr" in shares, all(0 < value <= 100 for value in shares.values()))
      print([field["percent"] for field in fields] == sorted(shares.values(), reverse=True))
      print(client.get_log_group_fields(logGroupName=group, time=1)["logGroupFields"])
      print(code(client.get_log_group_fields, logGroupName="/none"))
      """,
      prints: """
        100 100 False True
        True
        []
        ResourceNotFoundException
        """)
  }

  @Test("saved queries are kept, replaced whole and removed; those of the pack cannot be changed")
  func definitions() throws {
    let server = try ServerProgram()
    try expect(
      server,
      """
      def named(prefix): return client.describe_query_definitions(queryDefinitionNamePrefix=prefix)["queryDefinitions"]
      id = client.put_query_definition(name="team/slow", queryString="limit {{n}}", logGroupNames=["/a"],
          parameters=[{"name": "n", "defaultValue": "5"}])["queryDefinitionId"]
      found = named("team/")[0]
      print(found["queryDefinitionId"] == id, found["logGroupNames"], found["parameters"], found["lastModified"] > 0)
      client.put_query_definition(name="team/fast", queryString="limit 1", queryDefinitionId=id)
      found = named("team/")
      print(len(found), found[0]["name"], found[0]["logGroupNames"], "parameters" in found[0])
      pack = named("insights/lambda/errors")[0]["queryDefinitionId"]
      print(code(client.put_query_definition, name="x", queryString="limit 1", queryDefinitionId=pack), code(client.delete_query_definition, queryDefinitionId=pack))
      print(code(client.put_query_definition, name="x", queryString="limit 1", queryDefinitionId="none"))
      print(client.delete_query_definition(queryDefinitionId=id)["success"], named("team/"), code(client.delete_query_definition, queryDefinitionId=id))
      first = client.describe_query_definitions(maxResults=1)
      print(len(first["queryDefinitions"]), "nextToken" in first)
      """,
      prints: """
        True ['/a'] [{'name': 'n', 'defaultValue': '5'}] True
        1 team/fast [] False
        InvalidParameterException InvalidParameterException
        ResourceNotFoundException
        True [] ResourceNotFoundException
        1 True
        """)
  }

  @Test("lookup tables are created, used by queries, replaced and removed")
  func lookupTables() throws {
    let server = try storeOfItsOwn()
    try expect(
      server,
      """
      arn = client.create_lookup_table(lookupTableName="teams", tableBody="level,team\\nERROR,red\\nINFO,blue\\n", tags={"a": "1"})["lookupTableArn"]
      client.tag_resource(resourceArn=arn, tags={"b": "2"}); client.untag_resource(resourceArn=arn, tagKeys=["a"])
      print(client.list_tags_for_resource(resourceArn=arn)["tags"], code(client.list_tags_for_resource, resourceArn=arn + "x"))
      print(code(client.create_lookup_table, lookupTableName="teams", tableBody="a\\n1\\n"), code(client.create_lookup_table, lookupTableName="other", tableBody="a,a\\n"))
      text = "lookup teams level OUTPUT team | stats count(*) as n by team | sort team asc"
      print(rows(query(text, logGroupName="/test")))
      client.update_lookup_table(lookupTableArn=arn, tableBody="level,team\\nERROR,green\\n")
      print([row.get("team") for row in rows(query(text, logGroupName="/test"))])
      table = client.describe_lookup_tables()["lookupTables"][0]
      print(table["tableFields"], table["recordsCount"], client.get_lookup_table(lookupTableArn=arn)["tableBody"] == "level,team\\nERROR,green\\n")
      done = client.start_query(startTime=0, endTime=9999999999, logGroupName="/test", queryString="stats count(*) as n, max(@message) as text by level")["queryId"]
      wait(done)
      client.create_lookup_table(lookupTableName="levels", queryId=done)
      listed = client.describe_lookup_tables()["lookupTables"][0]
      print(listed["tableFields"], listed["recordsCount"])
      row = rows(query("lookup levels level OUTPUT n, text | filter level = 'ERROR' | fields n, text", logGroupName="/test"))[0]
      print(row["n"], row["text"])
      print(code(client.create_lookup_table, lookupTableName="x"), code(client.create_lookup_table, lookupTableName="x", queryId="none"), code(client.create_lookup_table, lookupTableName="x", queryId=done, tableBody="a\\n1\\n"))
      client.update_lookup_table(lookupTableArn=listed["lookupTableArn"], queryId=done)
      client.delete_lookup_table(lookupTableArn=listed["lookupTableArn"])
      client.delete_lookup_table(lookupTableArn=arn)
      print(client.describe_lookup_tables()["lookupTables"], code(client.get_lookup_table, lookupTableArn=arn))
      print(code(client.start_query, startTime=0, endTime=1, logGroupName="/test", queryString=text))
      """,
      prints: """
        {'b': '2'} ResourceNotFoundException
        ResourceAlreadyExistsException ValidationException
        [{'team': 'blue', 'n': '2'}, {'team': 'red', 'n': '1'}]
        [None, 'green']
        ['level', 'team'] 1 True
        ['level', 'n', 'text'] 2
        1 {"level":"ERROR","id":1}
        InvalidParameterException InvalidParameterException InvalidParameterException
        [] ResourceNotFoundException
        MalformedQueryException
        """)
  }

  @Test("index policies make the indexes of insights index")
  func indexPolicies() throws {
    let server = try storeOfItsOwn()
    try expect(
      server,
      #"""
      def put(text): return code(client.put_index_policy, logGroupIdentifier="/test", policyDocument=text)
      print(put('{"Fields": ["level"], "FieldsV2": {"id": {"type": "FACET"}}}'))
      print(put('{}'), put('{"Fields": []}'), put('x'), put(json.dumps({"Fields": ["f%d" % n for n in range(21)]})), put('{"FieldsV2": {"id": {"type": "X"}}}'))
      policy = client.describe_index_policies(logGroupIdentifiers=["/test"])["indexPolicies"][0]
      print(policy["source"], json.loads(policy["policyDocument"])["Fields"], policy["logGroupIdentifier"])
      indexes = client.describe_field_indexes(logGroupIdentifiers=["/test"])["fieldIndexes"]
      print([(index["fieldIndexName"], index["firstEventTime"] < index["lastEventTime"]) for index in indexes])
      client.delete_index_policy(logGroupIdentifier="/test")
      print(client.describe_index_policies(logGroupIdentifiers=["/test"])["indexPolicies"], code(client.delete_index_policy, logGroupIdentifier="/test"))
      print(code(client.put_index_policy, logGroupIdentifier="/none", policyDocument='{"Fields": ["a"]}'))
      """#,
      prints: """
        none
        InvalidParameterException InvalidParameterException InvalidParameterException InvalidParameterException InvalidParameterException
        LOG_GROUP ['level'] arn:aws:logs:eu-west-1:000000000000:log-group:/test
        [('id', True), ('level', True)]
        [] ResourceNotFoundException
        ResourceNotFoundException
        """)
  }

  @Test(
    "what there is none of is an empty list, what cannot be done an error, and nothing is a 5xx")
  func others() throws {
    try expect(
      try server(),
      """
      for call, list, members in [
          (client.describe_account_policies, "accountPolicies", {"policyType": "FIELD_INDEX_POLICY"}),
          (client.list_log_anomaly_detectors, "anomalyDetectors", {}), (client.list_anomalies, "anomalies", {}),
          (client.describe_metric_filters, "metricFilters", {}), (client.describe_resource_policies, "resourcePolicies", {}),
          (client.describe_subscription_filters, "subscriptionFilters", {"logGroupName": "/aws/lambda/orders-api"}),
          (client.list_scheduled_queries, "scheduledQueries", {}), (client.list_integrations, "integrationSummaries", {}),
          (client.describe_deliveries, "deliveries", {}), (client.describe_export_tasks, "exportTasks", {})]:
          if call(**members)[list] != []: print(list)
      print(code(client.describe_subscription_filters, logGroupName="/none"), code(client.describe_account_policies, policyType="X"))
      # Every operation of the model, with as little as the client lets through.
      model = client.meta.service_model
      def sample(shape):
          if shape.type_name == "structure": return {name: sample(shape.members[name]) for name in shape.required_members}
          if shape.type_name == "list": return [sample(shape.member)]
          if shape.type_name == "map": return {"a": sample(shape.value)}
          if shape.type_name in ("integer", "long"): return max(1, shape.metadata.get("min", 1))
          if shape.type_name == "boolean": return True
          if shape.type_name == "string": return (shape.enum or ["a" * max(1, shape.metadata.get("min", 1))])[0]
      for name in model.operation_names:
          operation = model.operation_model(name)
          if operation.has_event_stream_output: continue
          call = getattr(client, botocore.xform_name(name))
          try: call(**(sample(operation.input_shape) if operation.input_shape else {}))
          except botocore.exceptions.ParamValidationError: pass
          except client.exceptions.ClientError as error:
              status = error.response["ResponseMetadata"]["HTTPStatusCode"]
              if status != 400 or error.response["Error"]["Code"] == "UnknownOperationException": print(name, error)
      print("done")
      """,
      prints: """
        ResourceNotFoundException InvalidParameterException
        done
        """)
  }

  @Test("awslogs, qaws and the AWS CLI")
  func commandLines() throws {
    let server = try server()
    let output = try #require(
      try server.shell(
        """
        awslogs groups | grep -c ^/aws/lambda/
        awslogs streams /aws/lambda/orders-api --start 1/1/2020 | wc -l
        qaws -g /aws/lambda/orders-api -t '2020-01-01 00:00:00' '2030-01-01 00:00:00' -q 'stats count(*) as total' | grep -c total
        aws logs describe-log-groups --log-group-name-prefix /aws/lambda/orders --query 'logGroups[].logGroupName' --output text
        id=$(aws logs start-query --log-group-name /aws/lambda/orders-api --start-time 0 --end-time 9999999999 --query-string 'stats count(*) as n by @type | limit 1' --output text)
        aws logs get-query-results --query-id "$id" --output text | head -1
        aws logs stop-query --query-id "$id" 2>&1 | grep -o InvalidParameterException
        """))
    let lines = output.standardOutput.split(separator: "\n").map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    #expect(lines.count == 6, "\(output)")
    #expect(Int(lines.first ?? "").map { $0 > 3 } == true, "\(output)")
    #expect(
      lines.suffix(3) == ["/aws/lambda/orders-api", "CWLI\tComplete", "InvalidParameterException"],
      "\(output)")
  }

  @Test("requests are checked against the key, by boto3's own signature")
  func signatures() throws {
    let server = try ServerProgram(
      ["--db", SampleStore.path, "--read-only"],
      environment: ["INSIGHTS_ACCESS_KEY": "key:secret"])
    try expect(
      server,
      """
      from botocore import UNSIGNED
      def groups(key="key", secret="secret", **config):
          other = boto3.client("logs", aws_access_key_id=key, aws_secret_access_key=secret, config=Config(retries={"max_attempts": 1}, **config))
          return code(other.describe_log_groups)
      print(groups(), groups(secret="wrong"), groups(key="other"), groups(signature_version=UNSIGNED))
      print(code(boto3.client("logs", endpoint_url=url + "/a%20b/logs").describe_log_groups))
      """,
      prints: """
        none InvalidSignatureException UnrecognizedClientException MissingAuthenticationTokenException
        none
        """)
  }

  @Test("queries that are stopped are cancelled, or had ended")
  func stopping() throws {
    try expect(
      try server(),
      #"""
      members = {"logGroupName": "/aws/lambda/orders-api", "startTime": 0, "endTime": 9999999999}
      id = client.start_query(queryString="fields @message", **members)["queryId"]
      wait(id)
      stopped = [client.start_query(queryString="fields @message", **members)["queryId"] for _ in range(20)]
      states = {code(client.stop_query, queryId=id) for id in stopped}
      print(states <= {"none", "InvalidParameterException"})
      print({wait(id)["status"] for id in stopped} <= {"Cancelled", "Complete"})
      """#,
      prints: """
        True
        True
        """)
  }

  /// A server over a store of three events, which can be written.
  private func storeOfItsOwn() throws -> ServerProgram {
    try ServerProgram(
      ingesting: """
        2026-01-01T00:00:00.000Z {"level":"ERROR","id":1}
        2026-01-01T00:00:01.000Z {"level":"INFO","id":2}
        2026-01-01T00:00:02.000Z {"level":"INFO","id":3}

        """, as: "/test")
  }
}
