internal import ArgumentParser
internal import InsightsEngine
internal import InsightsMetrics
internal import InsightsModel
internal import InsightsOutput

extension Run {
  /// The path of a dashboard file, which must be the only argument; `nil` if none is given.
  var dashboardFile: String? {
    names.count == 1 && names[0].lowercased().hasSuffix(".json") ? names[0] : nil
  }

  /// Runs the queries of a dashboard's widgets.
  func runDashboard(_ file: String, _ reporter: Reporter) throws -> ExitStatus {
    let dashboard = try dashboard(in: file)
    if !output.takesSeveralResults {
      throw Failure(
        .usage, "format '\(output.format)' holds the rows of one query only",
        help: ["a dashboard has several widgets: use --format json or html"])
    }
    var times = StageTimes()
    let (engine, inputStatus) = try input.open(messages)
    times.end(input.stage)
    try options.range.reportUnknownLogGroups(of: engine, to: reporter)
    let clock = try options.range.clock(of: engine)
    let range = try options.range.timeRange(at: clock)
    let widgets = try engine.answers(
      to: dashboard, range: range == .everything ? nil : range,
      logGroups: options.range.logGroup, now: clock)
    times.end("widgets")
    reportUnanswered(widgets, reporter)
    switch output.format {
    case "json":
      try OutputFile.write(to: output.output, color: messages.color) { _, buffer in
        try DashboardJSON.write(widgets, to: &buffer)
      }
    case "html":
      try OutputFile.write(to: output.output, color: messages.color) { _, buffer in
        try DashboardPage(timeZone: output.timeZone).write(
          title: FileName.last(of: file), widgets, to: &buffer)
      }
    default:
      let report = Report(
        title: FileName.last(of: file), facts: [input.fact], results: results(of: widgets),
        isSingle: false)
      try output.write(report, color: messages.color)
    }
    times.end("output")
    timing.report(times, to: reporter)
    return .mostSevere([inputStatus, try condition.status(of: widgets.compactMap(\.table))])
  }

  private func dashboard(in file: String) throws -> Dashboard {
    guard let text = TextFile.read(file) else {
      throw Failure(.noInput, "dashboard '\(file)' cannot be read")
    }
    do throws(DashboardError) {
      return try Dashboard(parsing: Array(text.utf8))
    } catch {
      throw Failure(
        .data, "'\(file)' is no dashboard: \(error.message)",
        help: ["save one: aws cloudwatch get-dashboard --dashboard-name <name> > dashboard.json"])
    }
  }

  private func reportUnanswered(_ widgets: [AnsweredWidget], _ reporter: Reporter) {
    for (index, widget) in widgets.enumerated() {
      let name = widget.title.isEmpty ? "\(index + 1)" : "'\(widget.title)'"
      switch widget.content {
      case .unanswered(let reason): reporter.note("widget \(name) is not answered: \(reason)")
      case .series(let series):
        for one in series {
          guard let reason = one.unanswered else { continue }
          reporter.note("'\(one.label)' of widget \(name) is not answered: \(reason)")
        }
      case .rows, .text: break
      }
    }
  }

  /// The widgets that have rows, each under a unique name.
  private func results(of widgets: [AnsweredWidget]) -> [NamedResult] {
    widgets.enumerated().compactMap { index, widget in
      widget.table.map { table in
        NamedResult(
          name: "widget \(index + 1)", title: widget.title.isEmpty ? nil : widget.title,
          table: table)
      }
    }
  }
}
