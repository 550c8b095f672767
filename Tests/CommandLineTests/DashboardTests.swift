import Foundation
import InsightsTestSupport
import Testing

/// `insights run dashboard.json`: CloudWatch's dashboards, answered from the store.
@Suite("dashboards")
struct DashboardTests {
  private static let range = ["--start", "2026-03-17T01:00:00Z", "--end", "2026-03-17T03:59:59Z"]

  private func run(
    _ document: String, _ arguments: [String] = range, format: String = "json"
  ) throws -> Program.Output {
    let program = try Program()
    _ = try program.folder.write(document, to: "dashboard.json")
    return try program.run(
      ["run", "dashboard.json", "--db", SampleStore.path, "--format", format] + arguments)
  }

  private func widgets(
    _ document: String, _ arguments: [String] = range
  ) throws -> [[String: Any]] {
    let output = try run(document, arguments)
    #expect(output.status == 0, "\(output.standardError)")
    let object = try JSONSerialization.jsonObject(with: Data(output.standardOutput.utf8))
    return try #require((object as? [String: Any])?["widgets"] as? [[String: Any]])
  }

  private static func metric(_ rows: String, _ properties: String = "") -> String {
    #"{"widgets": [{"type": "metric", "x": 0, "y": 0, "width": 6, "height": 6, "properties": {"metrics": \#(rows)\#(properties)}}]}"#
  }

  private func series(_ rows: String, _ properties: String = "") throws -> [[String: Any]] {
    let widget = try #require(try widgets(Self.metric(rows, properties)).first)
    return try #require(widget["series"] as? [[String: Any]], "\(widget)")
  }

  private func values(_ rows: String, _ properties: String = "") throws -> [Double] {
    let first = try #require(try series(rows, properties).first)
    return try #require(first["values"] as? [Double], "\(first)")
  }

  /// What `insights metrics` says of a function by the hour.
  private func measured(_ function: String, _ column: String) throws -> [Double] {
    let output = try Program().run(
      ["metrics", "--period", "1h", "--db", SampleStore.path, "--format", "json"] + Self.range)
    let rows = try JSONSerialization.jsonObject(with: Data(output.standardOutput.utf8))
    return try #require(rows as? [[String: Any]]).filter { $0["function"] as? String == function }
      .compactMap { $0[column] as? Double }
  }

  @Test("widgets are answered in their places, sizes and views")
  func widgets() throws {
    let widgets = try widgets(
      #"""
      {"widgets": [
        {"type": "text", "x": 0, "y": 0, "width": 24, "height": 1, "properties": {"markdown": "# Shop"}},
        {"type": "log", "x": 0, "y": 1, "width": 12, "height": 6, "properties": {"title": "Types", "view": "bar",
          "query": "SOURCE '/aws/lambda/payments' | stats count(*) as n by @type"}},
        {"type": "log", "x": 12, "y": 1, "width": 12, "height": 6, "properties": {"title": "Wrong", "query": "filtr x"}},
        {"type": "alarm", "width": 6, "height": 6, "properties": {"alarms": []}}
      ]}
      """#)
    #expect(widgets.count == 4)
    #expect(widgets[0]["text"] as? String == "# Shop")
    #expect(widgets[1]["title"] as? String == "Types" && widgets[1]["view"] as? String == "bar")
    #expect(widgets[1]["x"] as? Int == 0 && widgets[1]["width"] as? Int == 12)
    let rows = try #require(widgets[1]["rows"] as? [[String: Any]])
    #expect(
      rows.contains { $0["@type"] as? String == "REPORT" && $0["n"] as? Int == 26 }, "\(rows)")
    #expect((widgets[2]["unanswered"] as? String)?.contains("unknown command 'filtr'") == true)
    #expect(widgets[3]["unanswered"] != nil)
  }

  @Test("metrics of Lambda are those of 'insights metrics'")
  func metrics() throws {
    let sum = #", "stat": "Sum", "period": 3600"#
    for name in ["Invocations", "Errors", "Throttles"] {
      let found = try values(#"[["AWS/Lambda", "\#(name)", "FunctionName", "payments"]]"#, sum)
      #expect(try found == measured("payments", name), "\(name)")
    }
    for (statistic, column) in [
      ("p99", "DurationP99"), ("Maximum", "DurationMax"), ("p50", "DurationP50"),
    ] {
      let found = try values(
        #"[["AWS/Lambda", "Duration", "FunctionName", "orders-api", {"stat": "\#(statistic)", "period": 3600}]]"#
      )
      let wanted = try measured("orders-api", column)
      #expect(found.count == wanted.count && !found.isEmpty)
      for (one, other) in zip(found, wanted) { #expect(abs(one - other) < 0.001) }
    }
    #expect(
      try values(
        #"[["AWS/Lambda", "ConcurrentExecutions", "FunctionName", "payments", {"stat": "Maximum", "period": 3600}]]"#
      )
        == measured("payments", "ConcurrentExecutions"))
  }

  @Test("rows take from the row before what '.' and '...' stand for")
  func shorthand() throws {
    let series = try series(
      #"""
      [["AWS/Lambda", "Errors", "FunctionName", "payments", {"label": "a", "stat": "Sum"}],
       ["...", "orders-api", {"label": "b"}], [".", "Invocations", ".", ".", {"label": "c"}]]
      """#, #", "stat": "Sum", "period": 3600"#)
    #expect(series.compactMap { $0["label"] as? String } == ["a", "b", "c"])
    #expect(try series[1]["values"] as? [Double] == measured("orders-api", "Errors"))
    #expect(try series[2]["values"] as? [Double] == measured("orders-api", "Invocations"))
  }

  @Test("expressions reckon with metrics, and hidden ones are not shown")
  func mathematics() throws {
    let series = try series(
      #"""
      [["AWS/Lambda", "Errors", "FunctionName", "payments", {"id": "e", "visible": false}],
       [".", "Invocations", ".", ".", {"id": "i", "visible": false}],
       [{"expression": "100 * e / i", "label": "rate ${MAX}", "id": "r"}],
       [{"expression": "SUM([e, i]) - (e + i)", "label": "zero"}],
       [{"expression": "SUM(METRICS())", "label": "all"}],
       [{"expression": "SUM(e)", "label": "total"}],
       [{"expression": "FILL(e, 0)", "label": "fill"}],
       [{"expression": "e +", "label": "broken"}],
       [{"expression": "nothing * 2", "label": "unknown"}]]
      """#, #", "stat": "Sum", "period": 3600"#)
    let errors = try measured("payments", "Errors")
    let invocations = try measured("payments", "Invocations")
    // Computed decimals have four places in every format.
    let rates = zip(errors, invocations).map { (1_000_000 * $0 / $1).rounded() / 10000 }
    #expect(series[0]["values"] as? [Double] == rates)
    #expect((series[0]["label"] as? String)?.hasPrefix("rate ") == true)
    #expect(!(series[0]["label"] as? String ?? "$").contains("$"))
    #expect(series[1]["values"] as? [Double] == errors.map { _ in 0 })
    #expect(series[2]["values"] as? [Double] == zip(errors, invocations).map { $0 + $1 })
    #expect((series[3]["values"] as? [Double])?.allSatisfy { $0 == errors.reduce(0, +) } == true)
    for one in series[4...] { #expect(one["unanswered"] != nil, "\(one)") }
    #expect(series.count == 7)
  }

  @Test(
    "what logs cannot tell is not answered, with the reason",
    arguments: [
      (#"[["AWS/DynamoDB", "ThrottledRequests"]]"#, "AWS/DynamoDB"),
      (#"[["AWS/Lambda", "IteratorAge"]]"#, "IteratorAge"),
      (#"[["AWS/Lambda", "Errors", "FunctionName", "f", "Resource", "f:live"]]"#, "Resource"),
      (#"[["AWS/Lambda", "Errors", {"stat": "median"}]]"#, "median"),
      (#"[[{"expression": "SEARCH('{AWS/Lambda} Errors', 'Sum', 60)"}]]"#, "SEARCH"),
      (#"[["..."]]"#, "..."), ("[]", "no metrics"),
    ])
  func unanswered(rows: String, word: String) throws {
    let widget = try #require(try widgets(Self.metric(rows)).first)
    #expect((widget["unanswered"] as? String)?.contains(word) == true, "\(widget)")
  }

  @Test(
    "the body is found in the documents of other tools",
    arguments: [
      #"{"DashboardArn": "a", "DashboardName": "n", "DashboardBody": "BODY"}"#,
      #"{"Resources": {"D": {"Type": "AWS::CloudWatch::Dashboard", "Properties": {"DashboardBody": {"Fn::Join": ["", ["BODY"]]}}}}}"#,
      #"{"Resources": {"D": {"Properties": {"DashboardBody": {"Fn::Sub": "BODY"}}}}}"#,
      #"{"values": {"root_module": {"resources": [{"type": "aws_cloudwatch_dashboard", "values": {"dashboard_body": "BODY"}}]}}}"#,
    ])
  func documents(document: String) throws {
    let body = #"{\"widgets\": [{\"type\": \"text\", \"properties\": {\"markdown\": \"found\"}}]}"#
    let widgets = try widgets(document.replacingOccurrences(of: "BODY", with: body))
    #expect(widgets.first?["text"] as? String == "found")
  }

  @Test("the range is the command's, else the widget's, else the dashboard's")
  func ranges() throws {
    let query = #""query": "stats count(*) as n""#
    func count(_ dashboard: String, _ widget: String, _ arguments: [String]) throws -> Int? {
      let widgets = try widgets(
        #"{\#(dashboard)"widgets": [{"type": "log", "properties": {\#(widget)\#(query)}}]}"#,
        arguments)
      return (widgets[0]["rows"] as? [[String: Any]])?.first?["n"] as? Int ?? 0
    }
    let now = ["--now", "2026-03-17T03:10:00Z"]
    let all = try #require(try count("", "", Self.range))
    #expect(all > 700)
    #expect(try count("", "", now) == all)
    #expect(try count(#""start": "-P1D", "#, "", now) == all)
    let hour = try #require(try count(#""start": "-PT1H", "#, "", now))
    #expect(hour > 0 && hour < all)
    #expect(try count(#""start": "-P1D", "#, #""start": "-PT1H", "#, now) == hour)
    #expect(
      try count(
        "", #""start": "2026-03-17T02:10:00.000Z", "end": "2026-03-17T03:10:00.000Z", "#, [])
        == hour)
    #expect(try count("", #""start": "-PT1H", "#, Self.range) == all)
  }

  @Test("other formats have what they can, and documents that are none are told")
  func formats() throws {
    let body = Self.metric(
      #"[["AWS/Lambda", "Errors", "FunctionName", "payments"]]"#,
      #", "title": "Errors", "stat": "Sum""#)
    let page = try run(body, format: "html")
    #expect(page.status == 0 && page.standardOutput.contains("--at:1/1/span 6/span 6"))
    #expect(page.standardOutput.contains("<svg"))
    #expect(try run(body, format: "table").standardOutput.contains("Errors"))
    #expect(try run(body, format: "csv").status == 64)
    #expect(try run("{}").status == 65)
    #expect(try run("[1").status == 65)
    #expect(try Program().run("run", "none.json", "--db", SampleStore.path).status == 66)
  }

  @Test("trimmed statistics are over the part that they name")
  func trimmed() throws {
    func value(_ statistic: String) throws -> Double? {
      try values(
        #"[["AWS/Lambda", "Duration", "FunctionName", "payments", {"stat": "\#(statistic)", "period": 86400}]]"#
      ).first
    }
    let (least, most) = (try #require(try value("Minimum")), try #require(try value("Maximum")))
    let mean = try #require(try value("Average"))
    #expect(try #require(try value("tm90")) < mean)
    #expect(try #require(try value("wm80")) < mean)
    #expect(try #require(try value("wm80")) > #require(try value("tm80")))
    // The three longest of the 26 are equal: a tenth of them cut off is put back as it was.
    #expect(try value("wm90") == mean)
    #expect(try value("TM(0%:100%)") == mean)
    #expect(try value("TC(\(least):)") == (try #require(try value("SampleCount"))) - 1)
    #expect(try value("PR(:\(most))") == 100)
    #expect(try value("TS(0%:100%)") == (try value("Sum")))
    let middle = try #require(try value("IQM"))
    #expect(middle > least && middle < most)
  }
}
