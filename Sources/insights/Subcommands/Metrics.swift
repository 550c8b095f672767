internal import ArgumentParser
internal import InsightsEngine
internal import InsightsMetrics
internal import InsightsModel
internal import InsightsOutput
internal import InsightsText

/// `insights metrics`: computes from the logs what CloudWatch's alarms watch.
struct Metrics: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Alarm metrics by function and period; thresholds that exit with 1.",
    usage: "insights metrics [--alarm <alarm>] ... [<options>]",
    discussion: """
      Errors, Throttles, Duration, ConcurrentExecutions (the exact peak of overlapping invocations), cold-start rate in percent and cost in US dollars. An invocation counts in the period in which it starts. Throttles count where a log tells of them: at the function if the gateway names it, else at its caller.

      An alarm reads METRIC STATISTIC PERIOD MofN COMPARISON THRESHOLD and is evaluated for each function. Statistics: Sum, Average, Minimum, Maximum, SampleCount, p95. Periods without data never fire.

      Examples:
        insights metrics --period 1h
        insights metrics --alarm 'Errors Sum 60s 1of1 > 5'
        insights metrics --alarm 'Duration p95 5m 2of3 >= 3000' --since=1h
      """)

  @Option(
    help: ArgumentHelp(
      "The length of a period such as 60s, 5m or 1h, or 'all' for one. Default: the alarm's, else all.",
      valueName: "length"))
  var period: String?

  @Option(
    help: ArgumentHelp(
      "Exit with 1 and say why when it fires: 'Errors Sum 60s 1of1 > 5'; repeatable.",
      valueName: "alarm"))
  var alarm: [String] = []

  @Option(help: ArgumentHelp("US dollars per GB-second, for Cost.", valueName: "price"))
  var gbSecondPrice = MetricsOptions.Prices.standard.perGBSecond

  @Option(help: ArgumentHelp("US dollars per million requests, for Cost.", valueName: "price"))
  var millionRequestsPrice = MetricsOptions.Prices.standard.perMillionRequests

  @OptionGroup var range: RangeOptions
  @OptionGroup var input: SourceOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var messages: MessageOptions

  func validate() throws {
    if let period, period != "all", TimeExpression.length(period).map({ $0 <= 0 }) ?? true {
      throw ValidationError("--period takes a length such as 60s, 5m or 1h, or 'all'")
    }
    _ = try alarms()
  }

  func run() throws {
    let reporter = messages.reporter
    try reporting(to: reporter) {
      try OutputFile.check(output.output, store: input.store.path, inputs: input.paths)
      let (engine, inputStatus) = try input.open(messages)
      try range.reportUnknownLogGroups(of: engine, to: reporter)
      let clock = try range.clock(of: engine)
      var options = MetricsOptions(
        timeRange: try range.timeRange(at: clock), logGroups: range.logGroup,
        prices: MetricsOptions.Prices(
          perGBSecond: gbSecondPrice, perMillionRequests: millionRequestsPrice))
      let alarms = try alarms()
      options.period = period.map { TimeExpression.length($0) } ?? alarms.first?.period
      let report = try engine.metrics(options)
      if report.table.rows.isEmpty {
        try noteAbsence(newest: engine.newestTimestamp(), to: reporter)
      }
      try output.write(color: messages.color) { formatter, buffer in
        let isForPeople = output.format == OutputFormatRegistry.all[0].descriptor.name
        try formatter.write(isForPeople ? report.shortTable : report.table, to: &buffer)
      }
      // One report at a time, since each holds the data of its periods.
      var firings: [Int: [AlarmFiring]] = [:]
      for (period, members) in Dictionary(grouping: alarms.indices, by: { alarms[$0].period }) {
        var measured = report
        if options.period != period {
          var own = options
          own.period = period
          measured = try engine.metrics(own)
        }
        for index in members { firings[index] = alarms[index].firings(in: measured) }
      }
      for (index, alarm) in alarms.enumerated() {
        for firing in firings[index] ?? [] {
          reporter.warning("alarm '\(alarm.text)' fires: \(firing.reason)")
        }
      }
      let hasFired = firings.values.contains { !$0.isEmpty }
      return .mostSevere([inputStatus, hasFired ? .conditionMet : .success])
    }
  }

  /// Reports why there are no values: an alarm over the wrong hours must not look like good news.
  private func noteAbsence(newest: Int64?, to reporter: Reporter) {
    guard let newest else { return reporter.note("there are no events with a time in this store") }
    var time: [UInt8] = []
    Timestamp.append(newest, in: output.zone.timeZone, to: &time)
    reporter.note(
      "there is no invocation and no throttle in this range; the newest event is of "
        + String(decoding: time, as: UTF8.self), help: ["count from there: --now newest"])
  }

  private func alarms() throws -> [Alarm] {
    try alarm.map { text in
      do {
        return try Alarm(text)
      } catch let error as AlarmError {
        throw ValidationError(error.message)
      }
    }
  }
}
