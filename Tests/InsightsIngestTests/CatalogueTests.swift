import InsightsStore
import Testing

@testable import InsightsIngest

/// Shapes of the log formats that no sample file has, made from what the tools' sources say.
@Suite("Shapes of log formats")
struct CatalogueTests {
  /// A text, the format that must recognise it, and what its events are.
  struct Shape: CustomTestStringConvertible, Sendable {
    var name: String
    var format: String
    var text: String
    var messages: [String]
    /// Epoch milliseconds after 2026-03-04T10:00:00Z.
    var times: [Int64?]
    var group: String?
    var stream: String?
    var account: String?

    var testDescription: String { name }
  }

  private static let noon: Int64 = 1_772_618_400_000
  private static let stream = "2026/03/04/[$LATEST]0c4e"
  private static let id = "7f1c0a52-6a1e-4d0b-9c36-2f60d7a5be10"

  static let shapes: [Shape] = [
    Shape(
      name: "tail, JSON laid out below the line", format: "tail",
      text: """
        2026-03-04T10:00:00.004000+00:00 \(stream)
        {
            "level": "INFO"
        }
        2026-03-04T10:00:01+00:00 \(stream) done

        """, messages: ["{\n    \"level\": \"INFO\"\n}", "done"], times: [4, 1000],
      stream: stream),
    Shape(
      name: "tail in colours", format: "tail",
      text:
        "\u{1B}[32m2026-03-04T10:00:00.004000+00:00\u{1B}[0m \u{1B}[36m\(stream)\u{1B}[0m a  b\n",
      messages: ["a  b"], times: [4], stream: stream),
    Shape(
      name: "tail of a gateway's log", format: "tail",
      text: "2026-03-04T10:00:00.004000+00:00 7c1949dc504bf08e1e7f238b3a393d09 (x) a\n",
      messages: ["(x) a"], times: [4], stream: "7c1949dc504bf08e1e7f238b3a393d09"),
    Shape(
      name: "tail short with a prompt before and a failure in the middle", format: "tail",
      text: """
        me@host:~$ aws logs tail /aws/lambda/orders --format short
        2026-03-04T10:00:00 a

        An error occurred (ThrottlingException) when calling the FilterLogEvents operation: Rate
        2026-03-04T10:00:01 b

        """, messages: ["a", "b"], times: [0, 1000]),
    Shape(
      name: "awslogs with everything, padded and coloured", format: "awslogs",
      text: "\u{1B}[32m/aws/lambda/orders\u{1B}[0m  \u{1B}[36m\(stream)\u{1B}[0m "
        + "\u{1B}[33m2026-03-04T10:00:00.004Z\u{1B}[0m \u{1B}[34m2026-03-04T10:00:01.000Z\u{1B}[0m a\n"
        + "/aws/lambda/x       \(stream) 2026-03-04T10:00:00.005Z 2026-03-04T10:00:01.000Z b\n"
        + "goes on\n",
      messages: ["a", "b\ngoes on"], times: [4, 5], group: "/aws/lambda/orders", stream: stream),
    Shape(
      name: "docker logs of the emulator", format: "docker-logs",
      text: "2026-03-04T10:00:00.004123456Z 04 Mar 2026 10:00:00,004 [INFO] (rapid) exec 'x'\n",
      messages: ["04 Mar 2026 10:00:00,004 [INFO] (rapid) exec 'x'"], times: [4]),
    Shape(
      name: "awslogs without times", format: "awslogs",
      text: "/aws/lambda/orders \(stream) a\n/aws/lambda/orders \(stream) b c\n",
      messages: ["a", "b c"], times: [nil, nil], group: "/aws/lambda/orders", stream: stream),
    Shape(
      name: "awslogs without groups", format: "awslogs",
      text: "\(stream) 2026-03-04T10:00:00.004Z a\n", messages: ["a"], times: [4], stream: stream),
    Shape(
      name: "awslogs of a gateway", format: "awslogs",
      text: "API-Gateway-Execution-Logs_x1/prod 7c1949dc504bf08e1e7f238b3a393d09 "
        + "2026-03-04T10:00:00.004Z (x) a\n",
      messages: ["(x) a"], times: [4], group: "API-Gateway-Execution-Logs_x1/prod",
      stream: "7c1949dc504bf08e1e7f238b3a393d09"),
    Shape(
      name: "cw with event ids and no groups", format: "cw",
      text:
        "2026-03-04T10:00:01 - \(stream) - 39120000000000000000000000000000000000000000000000000001"
        + " - a - b\n",
      messages: ["a - b"], times: [1000], stream: stream),
    Shape(
      name: "saw, pretty", format: "saw",
      text: "[2026-03-04T11:00:00+01:00] (\(stream)) {\n  \"a\": 1\n}\n",
      messages: ["{\n  \"a\": 1\n}"], times: [0], stream: stream),
    Shape(
      name: "sam logs, JSON laid out", format: "sam-logs",
      text: "\(stream) 2026-03-04T10:00:00.004000 {\n  \"a\": 1\n}\n",
      messages: ["{\n  \"a\": 1\n}"],
      times: [4], stream: stream),
    Shape(
      name: "sam logs --output json", format: "log-events",
      text:
        "{\"timestamp\": 1772618400004, \"message\": \"a\", \"logStreamName\": \"\(stream)\"}\n",
      messages: ["a"], times: [4], stream: stream),
    Shape(
      name: "serverless v1 to v3, in colours", format: "serverless",
      text: "\u{1B}[90mSTART RequestId: \(id) Version: 3\u{1B}[39m\n"
        + "\u{1B}[32m2026-03-04 11:00:00.004 (+01:00)\u{1B}[39m\t\u{1B}[33m\(id)\u{1B}[39m\t"
        + "\u{1B}[90mINFO\u{1B}[39m\ta\n",
      messages: ["START RequestId: \(id) Version: 3", "2026-03-04 11:00:00.004\t\(id)\tINFO\ta"],
      times: [nil, 4]),
    Shape(
      name: "docker logs -t, a traceback over stamped lines", format: "docker-logs",
      text: """
        2026-03-04T10:00:00.004123456Z [ERROR] ValueError: no
        2026-03-04T10:00:00.004223456Z Traceback (most recent call last):
        2026-03-04T10:00:00.004323456Z   File "/var/task/a.py", line 1, in f
        2026-03-04T10:00:00.005123456Z done

        """,
      messages: [
        "[ERROR] ValueError: no\nTraceback (most recent call last):\n"
          + "  File \"/var/task/a.py\", line 1, in f", "done",
      ], times: [4, 5]),
    Shape(
      name: "docker compose without times", format: "docker-logs",
      text: "orders_1  | START RequestId: \(id) Version: 3\norders_1  | a | b\n",
      messages: ["START RequestId: \(id) Version: 3", "a | b"], times: [nil, nil]),
    Shape(
      name: "docker's own files", format: "fluent-bit",
      text:
        "{\"log\":\"a\\n\",\"stream\":\"stdout\",\"time\":\"2026-03-04T10:00:00.004123456Z\"}\n",
      messages: ["a\n"], times: [4]),
    Shape(
      name: "the runtime emulator", format: "sam-local",
      text: """
        04 Mar 2026 10:00:00,004 [INFO] (rapid) exec '/var/runtime/bootstrap' (cwd=/var/task)
        START RequestId: \(id) Version: $LATEST
        a
        REPORT RequestId: \(id)\tInit Duration: 0.09 ms\tDuration: 4.77 ms
        "ok"

        """,
      messages: [
        "04 Mar 2026 10:00:00,004 [INFO] (rapid) exec '/var/runtime/bootstrap' (cwd=/var/task)",
        "START RequestId: \(id) Version: $LATEST", "a",
        "REPORT RequestId: \(id)\tInit Duration: 0.09 ms\tDuration: 4.77 ms",
      ], times: [4, nil, nil, nil]),
    Shape(
      name: "get-log-events --output text", format: "filter-log-events-text",
      text: "b/3912/s\tf/3913/s\nEVENTS\t1772618401000\ta\tb\n\t1772618400004\n"
        + "EVENTS\t1772618401000\tc\t1772618400005\n",
      messages: ["a\tb\n", "c"], times: [4, 5]),
    Shape(
      name: "output text with the streams that were searched", format: "filter-log-events-text",
      text:
        "EVENTS\t39120000000000000000000000000000000000000000000000000001\t1772618401000\t\(stream)\t"
        + "a\t1772618400004\nSEARCHEDLOGSTREAMS\t\(stream)\tTrue\n",
      messages: ["a"], times: [4], stream: stream),
    Shape(
      name: "Insights CSV from a spreadsheet of another language", format: "insights-csv",
      text: "@timestamp;@message;@log\r\n2026-03-04 10:00:00.004;\"a \"\"b\"\"\nc\";1:x\r\n",
      messages: ["a \"b\"\nc"], times: [4], group: "1:x"),
    Shape(
      name: "Insights JSON whose message was JSON", format: "insights-json",
      text: "[{\"@timestamp\":\"2026-03-04 10:00:00.004\",\"@message\":{\"level\":\"INFO\"},"
        + "\"@log\":\"123456789012:/aws/lambda/orders\"}]",
      messages: ["{\"level\":\"INFO\"}"], times: [4], group: "/aws/lambda/orders",
      account: "123456789012"),
    Shape(
      name: "Insights Markdown of 2026, the message first and bars in it",
      format: "insights-markdown",
      text: """
        **CW Logs Insights**\u{20}\u{20}
        region: eu-west-1\u{20}\u{20}
        log-group-names: /aws/lambda/orders\u{20}\u{20}
        data-sources: x
        query-string:
          ```
          fields @message
        | filter @message like /a/
          ```
        ---
        | @message | @timestamp |
        | --- | --- |
        | a | b | 2026-03-04 10:00:00.004 |
        ---

        """, messages: ["a | b"], times: [4], group: "/aws/lambda/orders"),
    Shape(
      name: "Insights Markdown of two groups", format: "insights-markdown",
      text: """
        **CloudWatch Logs Insights**
        log-group-names: /aws/lambda/a, /aws/lambda/b
        ---
        | @timestamp | @message |
        | --- | --- |
        | 2026-03-04 10:00:00.004 | a |

        """, messages: ["a"], times: [4]),
    Shape(
      name: "rows copied with the button's label", format: "console-rows",
      text: "2026-03-04T10:00:00.004ZCopya\nb\n2026-03-04T11:00:00.005+01:00Copyc\n",
      messages: ["a\nb", "c"], times: [4, 5]),
    Shape(
      name: "rows copied, a message with blank lines", format: "console-rows",
      text: "2026-03-04T10:00:00.004Z\na\n\nb\n\na\n\nb\n", messages: ["a\n\nb"], times: [4]),
    Shape(
      name: "Kinesis get-records", format: "subscription",
      text: "{\"Records\":[{\"SequenceNumber\":\"1\",\"Data\":\"\(gzippedDocument)\"}],"
        + "\"NextShardIterator\":\"x\"}",
      messages: ["cache warm\n"], times: [0], group: "/aws/lambda/orders", stream: stream,
      account: "123456789012"),
    Shape(
      name: "Kinesis as a function gets it", format: "subscription",
      text: "{\"Records\":[{\"kinesis\":{\"data\":\"\(gzippedDocument)\"}}]}",
      messages: ["cache warm\n"], times: [0], group: "/aws/lambda/orders", stream: stream,
      account: "123456789012"),
    Shape(
      name: "Firehose as a function gets it", format: "subscription",
      text:
        "{\"invocationId\":\"i\",\"records\":[{\"recordId\":\"1\",\"data\":\"\(gzippedDocument)\"}]}",
      messages: ["cache warm\n"], times: [0], group: "/aws/lambda/orders", stream: stream,
      account: "123456789012"),
    Shape(
      name: "an OpenSearch search's reply", format: "opensearch",
      text: "{\"took\":3,\"hits\":{\"total\":{\"value\":1},\"hits\":[{\"_id\":\"1\",\"_source\":"
        + "{\"@id\":\"1\",\"@timestamp\":\"2026-03-04T10:00:00.004Z\",\"@message\":\"a\","
        + "\"@log_group\":\"/aws/lambda/orders\",\"@log_stream\":\"\(stream)\"}}]}}",
      messages: ["a"], times: [4], group: "/aws/lambda/orders", stream: stream),
    Shape(
      name: "an OpenSearch bulk request", format: "opensearch",
      text: "{\"index\":{\"_index\":\"cwl-2026.03.04\",\"_id\":\"1\"}}\n"
        + "{\"@id\":\"1\",\"@timestamp\":\"2026-03-04T10:00:00.004Z\",\"@message\":\"a\","
        + "\"@log_group\":\"/aws/lambda/orders\",\"@log_stream\":\"\(stream)\"}\n",
      messages: ["a"], times: [4], group: "/aws/lambda/orders", stream: stream),
    Shape(
      name: "Vector with the events of a message in a list", format: "vector",
      text: "{\"log_group\":\"/aws/lambda/orders\",\"log_stream\":\"\(stream)\",\"log_events\":["
        + "{\"id\":\"1\",\"timestamp\":1772618400004,\"message\":\"a\"}]}",
      messages: ["a"], times: [4], group: "/aws/lambda/orders", stream: stream),
    Shape(
      name: "Fluent Bit in an array", format: "fluent-bit",
      text: "[{\"date\":1772618400.004,\"log\":\"a\"},{\"date\":1772618401,\"log\":\"b\"}]",
      messages: ["a", "b"], times: [4, 1000]),
    Shape(
      name: "Telemetry API of an emulator, microseconds", format: "telemetry",
      text:
        "[{\"time\":\"2026-03-04T10:00:00.004857Z\",\"type\":\"function\",\"record\":{\"a\":1}}]",
      messages: ["{\"a\":1}"], times: [4]),
    Shape(
      name: "bare messages of a function that logs JSON", format: "telemetry",
      text: "{\"time\":\"2026-03-04T10:00:00.004Z\",\"type\":\"platform.start\",\"record\":{}}\n"
        + "{\"timestamp\":\"2026-03-04T10:00:00.005Z\",\"level\":\"INFO\",\"message\":\"a\"}\n",
      messages: [
        "{\"time\":\"2026-03-04T10:00:00.004Z\",\"type\":\"platform.start\",\"record\":{}}",
        "{\"timestamp\":\"2026-03-04T10:00:00.005Z\",\"level\":\"INFO\",\"message\":\"a\"}",
      ], times: [4, 5]),
    Shape(
      name: "Loki's push", format: "loki",
      text: "{\"streams\":[{\"stream\":{\"__aws_cloudwatch_log_group\":\"/aws/lambda/orders\","
        + "\"__aws_cloudwatch_log_stream\":\"\(stream)\"},\"values\":[[\"1772618400004000000\",\"a\"]]}]}",
      messages: ["a"], times: [4], group: "/aws/lambda/orders", stream: stream),
    Shape(
      name: "logcli's text", format: "loki-text",
      text:
        "2026-03-04T11:00:00+01:00 {__aws_cloudwatch_log_group=\"/aws/lambda/orders\", x=\"a}\"} a\n",
      messages: ["a"], times: [0], group: "/aws/lambda/orders"),
    Shape(
      name: "Datadog, quoted", format: "datadog-csv",
      text:
        "\"Date\",\"Host\",\"Service\",\"Message\"\n\"2026-03-04T10:00:00.004Z\",\"h\",\"s\",\"a,\nb\"\n",
      messages: ["a,\nb"], times: [4]),
    Shape(
      name: "replies of several calls one after the other", format: "filter-log-events",
      text: "{\"events\":[],\"nextToken\":\"t\"}{\"events\":[{\"timestamp\":1772618400004,"
        + "\"message\":\"a\"}],\"searchedLogStreams\":[]}\n",
      messages: ["a"], times: [4]),
    Shape(
      name: "a prompt before a reply, a failure behind it", format: "filter-log-events",
      text: "me@host:~$ aws logs filter-log-events --log-group-name x\n{\"events\":[{\"timestamp\":"
        + "1772618400004,\"message\":\"a\"}]}\n\nAn error occurred (ThrottlingException) when\n",
      messages: ["a"], times: [4]),
    Shape(
      name: "event objects laid out", format: "log-events",
      text: "{\n  \"timestamp\": 1772618400004,\n  \"message\": \"a\"\n}\n{\n  \"timestamp\": "
        + "1772618400005,\n  \"message\": \"b\"\n}\n",
      messages: ["a", "b"], times: [4, 5]),
    Shape(
      name: "an application's JSON is text, with the time that it tells", format: "text",
      text: "{\"level\":\"INFO\",\"timestamp\":1772618400004,\"message\":\"a\"}\n",
      messages: ["{\"level\":\"INFO\",\"timestamp\":1772618400004,\"message\":\"a\"}"],
      times: [4]),
    Shape(
      name: "text amid JSON lines", format: "telemetry",
      text: "{\"time\":\"2026-03-04T10:00:00.004Z\",\"type\":\"platform.start\",\"record\":{}}\n"
        + "ValueError: a\n  at b\n[INFO]\t2026-03-04T10:00:00.005Z\tx\tc\n"
        + "{\"timestamp\":\"2026-03-04T10:00:00.006Z\",\"level\":\"INFO\"}\n",
      messages: [
        "{\"time\":\"2026-03-04T10:00:00.004Z\",\"type\":\"platform.start\",\"record\":{}}",
        "ValueError: a\n  at b", "[INFO]\t2026-03-04T10:00:00.005Z\tx\tc",
        "{\"timestamp\":\"2026-03-04T10:00:00.006Z\",\"level\":\"INFO\"}",
      ], times: [4, nil, 5, 6]),
    Shape(
      name: "a reply of the .NET SDK", format: "filter-log-events",
      text: "{\"Events\":[{\"Message\":\"a\",\"Timestamp\":\"2026-03-04T10:00:00.004Z\","
        + "\"LogStreamName\":\"\(stream)\"}],\"NextToken\":null}",
      messages: ["a"], times: [4], stream: stream),
    Shape(
      name: "documents of several kinds", format: "subscription",
      text: "{\"messageType\":\"DATA_MESSAGE\",\"logStream\":\"\(stream)\",\"logEvents\":["
        + "{\"id\":\"1\",\"timestamp\":1772618400004,\"message\":\"a\"}]}{\"events\":[{\"timestamp\":"
        + "1772618400005,\"message\":\"b\"},{\"timestamp\":1772618400006,\"message\":\"c\"}]}",
      messages: ["a", "b", "c"], times: [4, 5, 6], stream: stream),
    Shape(
      name: "rows of Steampipe", format: "log-events",
      text:
        "{\"columns\":[{\"name\":\"message\"}],\"rows\":[{\"message\":\"a\",\"log_stream_name\":"
        + "\"\(stream)\",\"timestamp\":\"2026-03-04T10:00:00.004Z\"}]}",
      messages: ["a"], times: [4], stream: stream),
    Shape(
      name: "get-query-results --output text", format: "get-query-results-text",
      text: "Complete\nRESULTS\t@timestamp\t1772618400004\nRESULTS\t@message\ta\tb\n\n"
        + "RESULTS\t@logStream\t\(stream)\nRESULTS\t@timestamp\t1772618400005\n"
        + "RESULTS\t@message\tc\nRESULTS\t@logStream\t\(stream)\nSTATISTICS\t1.0\n",
      messages: ["a\tb\n", "c"], times: [4, 5], stream: stream),
    Shape(
      name: "zappa tail in colours", format: "text",
      text: "\u{1B}[36m[\u{1B}[0m\u{1B}[1m1772618400004\u{1B}[0m\u{1B}[36m]\u{1B}[0ma\n"
        + "b\n[1772618400005] c\n",
      messages: ["a\nb", "c"], times: [4, 5]),
    Shape(
      name: "the container runtime's files", format: "docker-logs",
      text: "2026-03-04T10:00:00.004123456+00:00 stdout F a\n"
        + "2026-03-04T10:00:00.005123456+00:00 stderr F Traceback (most recent call last):\n"
        + "2026-03-04T10:00:00.006123456+00:00 stderr F   File \"a.py\", line 1\n",
      messages: ["a\nTraceback (most recent call last):\n  File \"a.py\", line 1"], times: [4]),
    Shape(
      name: "PHP's log", format: "text",
      text: "[04-Mar-2026 10:00:00 UTC] PHP Warning:  a\n",
      messages: ["[04-Mar-2026 10:00:00 UTC] PHP Warning:  a"],
      times: [0]),
    Shape(
      name: "Go's log", format: "text", text: "2026/03/04 10:00:00.004125 a\n",
      messages: ["2026/03/04 10:00:00.004125 a"], times: [4]),
    Shape(
      name: "digits that are no time", format: "text", text: "1772618400 rows\n",
      messages: ["1772618400 rows"], times: [nil]),
  ]

  /// A document of one event, in gzip and base64.
  private static let gzippedDocument =
    "H4sIAAAAAAACAzWPQYvCMBCF/8oy7FFImnZb9Vawetk9tTctMraDBpKmJHGLiP/dqeIc3/vmvZk7WAoB"
    + "z9TcRoI1bMqmPP5VdV3uKliAmwbyLCcqzX7yYrmSiWLZuPPOu+vIjsApCIP21KNwvicf3n4dPaFlQEmV"
    + "C5kKmYn992/ZVHXTyi4jxsL1FDqvx6jdsNUmzsvrPaAx0L5Cqn8a4qzdQfecla5e9VHz0REt9ydFofJk"
    + "mcl5Fp9nGO2wu9DXhN4eBni0jycE1LCP6QAAAA=="

  @Test("a shape is recognised and read", arguments: shapes)
  func shape(_ shape: Shape) throws {
    let bytes = Array(shape.text.utf8)
    let name = bytes.withUnsafeBufferPointer {
      LogFormatRegistry.format(recognizing: $0).descriptor.name
    }
    #expect(name == shape.format)
    let type = try #require(LogFormatRegistry.format(named: shape.format))
    for size in [Int.max, 1, 5, 61] {
      var format = type.init()
      var batch = LogEventBatch(defaultStream: StreamTable.Names())
      var window: [UInt8] = []
      var rest = bytes[...]
      repeat {
        window += rest.prefix(size)
        rest = rest.dropFirst(size)
        let used = window.withUnsafeBufferPointer {
          format.read($0, ending: rest.isEmpty ? .end : .more, into: &batch)
        }
        window.removeSubrange(..<min(used, window.count))
      } while !rest.isEmpty
      let messages = batch.messages
      #expect(messages == shape.messages)
      #expect(batch.events.map { $0.timestamp.map { $0 - Self.noon } } == shape.times)
      #expect(batch.remarks.allSatisfy { $0.kind == .repaired })
      let names = batch.events.first.map { batch.streams[$0.stream] }
      #expect(
        names
          == StreamTable.Names(
            account: shape.account, logGroup: shape.group, logStream: shape.stream))
    }
  }

  @Test(
    "what is no log says what to do instead",
    arguments: [
      ("PK\u{3}\u{4}....[Content_Types].xml", "Excel"), ("PK\u{3}\u{4}....a.log", "zip"),
      ("PAR1....", "Parquet"), (String(repeating: "a", count: 257) + "ustar", "tar"),
      ("-----------\n|  FilterLogEvents  |\n+---+\n", "table"),
      ("-----------\n|  StartQuery  |\n+---+\n", "table"),
      ("events:\n- eventId: '1'\n  message: a\n  timestamp: 1\n", "yaml"),
      ("- - field: '@timestamp'\n    value: x\n", "yaml"),
      ("queryLanguage: CWLI\nresults:\n- - field: '@message'\n    value: a\n", "yaml"),
      ("queryId: 196a4d5c-98c7-1bd6-8c3a-bbd2ab38f9c1\n", "yaml"),
      ("196a4d5c-98c7-1bd6-8c3a-bbd2ab38f9c1\n", "get-query-results"),
      ("{\n  \"queryId\": \"196a4d5c-98c7-1bd6-8c3a-bbd2ab38f9c1\"\n}", "get-query-results"),
      ("{\"logStreams\":[{\"logStreamName\":\"s\"}],\"nextToken\":\"t\"}", "filter-log-events"),
      ("LOGGROUPS\tarn:aws:logs:x\t1\n", "filter-log-events"),
      ("FilterLogEventsResponse(Events=[])", "JSON"),
      ("[{'timestamp': 1772618400000, 'message': 'cache warm', 'ingestionTime': 1}]", "JSON"),
      ("{'events': [{'logStreamName': 's', 'timestamp': 1772618400000}]}", "JSON"),
      ("{\n  events: [\n    {\n      logStreamName: 's',\n      timestamp: 1,\n", "JSON"),
      ("{Events: [{LogStreamName: s,Timestamp: 1,Message: a}],SearchedLogStreams: []}\n", "JSON"),
      ("{\n  Events: [{\n      EventId: \"3\",\n      Timestamp: 1\n    }]\n}\n", "JSON"),
      ("FilterLogEventsOutput { events: Some([FilteredLogEvent { }]) }\n", "JSON"),
      ("#<struct Aws::CloudWatchLogs::Types::FilterLogEventsResponse events=[]>\n", "JSON"),
      ("Aws\\Result Object\n(\n    [data:Aws\\Result:private] => Array\n", "JSON"),
      ("Array\n(\n    [events] => Array\n        (\n", "JSON"),
      ("array(2) {\n  [\"events\"]=>\n  array(1) {\n", "JSON"),
      ("{:ok, %{\"events\" => [%{\"message\" => \"a\"}]}}\n", "JSON"),
      ("{:events [{:timestamp 1, :message \"a\"}]}\n", "JSON"),
      ("EventId       : 3912\nIngestionTime : 1\nMessage       : a\nTimestamp     : 1\n", "JSON"),
      ("<?xml version='1.0'?>\n<results preview='0'>\n", "XML"),
    ])
  func unsupported(_ head: String, _ word: String) throws {
    let folder = try TemporaryFolder()
    let summary = try folder.ingest([try folder.write(head, to: "a")])
    #expect(summary.events == 0)
    #expect(summary.notices.map(\.kind) == [.lossy])
    #expect(summary.notices.first?.message.contains(word) == true)
  }

  @Test(
    "what only looks like a reply of the command line is a log",
    arguments: [
      "status: ok\nnext line\n", "events: 3\n", "--------\n| a | b |\n",
      "196a4d5c-98c7-1bd6-8c3a-bbd2ab38f9c1 began\n",
      "{\"queryId\":\"1\",\"level\":\"INFO\"}\n", "{\"queries\":[1],\"level\":\"INFO\"}\n",
      "message: a\nmessage: b\n", "Message : a\nMessage : b\n", "Array\n(\n    [a] => 1\n)\n",
      "Events: 3\n",
    ])
  func looksLikeReply(_ text: String) throws {
    let folder = try TemporaryFolder()
    let summary = try folder.ingest([try folder.write(text, to: "a")])
    #expect(summary.events > 0)
    #expect(summary.notices.isEmpty)
  }

  @Test("what is left out is counted, with the line of the first")
  func counts() throws {
    let folder = try TemporaryFolder()
    let rows = (0..<5).map { "{\"@timestamp\":\"2026-03-04 10:00:00.00\($0)\",\"@ptr\":\"x\"}\n" }
    let event = "{\"@timestamp\":\"2026-03-04 10:00:00.009\",\"@message\":\"a\"}\n"
    let file = try folder.write(event + event + rows.joined(), to: "a")
    let summary = try folder.ingest([file])
    #expect(summary.events == 2)
    let notice = try #require(summary.notices.first)
    #expect(summary.notices.count == 1)
    #expect(notice.kind == .lossy)
    #expect(notice.line == 3)
    #expect(notice.count == 5)
    #expect(summary.bytes == (event + event + rows.joined()).utf8.count)
  }

  @Test("what the emulator glues to a line without an end is an event of its own")
  func gluedLines() throws {
    let folder = try TemporaryFolder()
    let log = """
      START RequestId: \(Self.id) Version: $LATEST
      [ERROR] ZeroDivisionError: division by zero\rTraceback (most recent call last):\r\
      \u{A0}\u{A0}File "/var/task/app.py", line 4, in handler\r\u{A0}\u{A0}\u{A0}\u{A0}1/0\
      [INFO]\t2026-03-04T10:00:00.004Z\t\(Self.id)\tnext
      it said 'END RequestId: \(Self.id)'
      doneEND RequestId: \(Self.id)
      REPORT RequestId: \(Self.id)\tInit Duration: 0.09 ms\tDuration: 4.77 ms\t

      """
    try folder.ingest([try folder.write(log, to: "a.log")])
    #expect(try folder.column("SELECT count(*) FROM log_events") == ["7"])
    #expect(
      try folder.rows("SELECT type, message, top_frame, request_id FROM errors") == [
        ["ZeroDivisionError", "division by zero", "/var/task/app.py:4 handler", Self.id]
      ])
    #expect(
      try folder.column("SELECT message FROM log_events WHERE message LIKE 'done%'") == ["done"])
    #expect(try folder.column("SELECT status FROM invocations") == ["error"])
  }

  @Test(
    "an error's message of several lines is one event with its traceback",
    arguments: ["", "orders-1  | ", "2026-03-04T10:00:00.004123456Z "])
  func messageOfSeveralLines(prefix: String) throws {
    let folder = try TemporaryFolder()
    let lines = [
      "START RequestId: \(Self.id) Version: $LATEST",
      "[ERROR] ValidationError: 2 validation errors for Order", "id", "  Field required", "total",
      "  Field required\rTraceback (most recent call last):\r\u{A0}\u{A0}File \"/var/task/app.py\", "
        + "line 4, in handler\r\u{A0}\u{A0}\u{A0}\u{A0}Order()",
      "[ERROR] no traceback here", "next", "END RequestId: \(Self.id)",
    ]
    let log = lines.map { prefix + $0 + "\n" }.joined()
    try folder.ingest([try folder.write(log, to: "a.log")])
    #expect(try folder.column("SELECT count(*) FROM log_events") == ["5"])
    #expect(
      try folder.rows("SELECT kind, type, message FROM errors") == [
        [
          "unhandled", "ValidationError",
          "2 validation errors for Order\nid\n  Field required\ntotal\n  Field required",
        ]
      ])
  }

  @Test(
    "a syslog time is of the last year in which it is not later than tomorrow",
    arguments: [
      ("Mar  4 10:00:00", 1_772_618_400_000), ("Mar  5 11:00:00", 1_741_172_400_000),
      ("Dec 31 23:59:59", 1_767_225_599_000), ("Feb 29 00:00:00", 1_709_164_800_000),
    ] as [(String, Int64)])
  func syslogTime(_ text: String, _ expected: Int64) {
    let time = Array(text.utf8).withUnsafeBufferPointer { bytes in
      var index = 0
      return SyslogTime.read(bytes, at: &index, now: 1_772_618_400_000)
    }
    #expect(time == expected)
  }

  @Test(
    "syslog's lines without a year lose their beginning",
    arguments: [
      "<14>Mar  4 10:00:00 host orders[42]: a b", "Mar 14 10:00:00 host orders: a b",
      "Mar 14 10:00:00 host systemd[1]: a b",
    ])
  func syslog(_ line: String) throws {
    let folder = try TemporaryFolder()
    let summary = try folder.ingest([try folder.write(line + "\n", to: "a")])
    #expect(summary.notices.map(\.kind) == [.repaired])
    #expect(try folder.column("SELECT message FROM log_events") == ["a b"])
    #expect(try folder.column("SELECT timestamp IS NOT NULL FROM log_events") == ["1"])
  }
}
