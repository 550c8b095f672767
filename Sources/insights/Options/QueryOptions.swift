internal import ArgumentParser
internal import InsightsEngine
internal import InsightsModel
internal import InsightsOutput
internal import InsightsQuery
internal import InsightsText

/// Options for the events that a query reads.
struct QueryOptions: ParsableArguments {
  @OptionGroup var range: RangeOptions

  @OptionGroup var parameters: ParameterOptions

  @Option(
    help: ArgumentHelp(
      "At most this many rows, or 'all'. Default: 10,000, or what the query says.",
      valueName: "count"))
  var limit: RowLimit?

  /// Returns the preparation of queries.
  func preparation(_ pack: PackOptions, _ lookup: LookupOptions) -> QueryPreparation {
    var preparation = pack.preparation(lookup, parameters: parameters.values)
    preparation.range = range.selection
    preparation.logGroups = range.logGroup
    preparation.rowLimit = limit?.count
    return preparation
  }

  /// The facts of a report about its time range and log groups.
  func facts(of options: Binder.Options, in zone: TimeZone) -> [Report.Fact] {
    func text(_ milliseconds: Int64) -> String {
      var bytes: [UInt8] = []
      Timestamp.append(milliseconds, in: zone, to: &bytes)
      return String(decoding: bytes, as: UTF8.self) + (zone === TimeZone.utc ? " UTC" : "")
    }
    let range =
      switch (options.timeRange.start, options.timeRange.end) {
      case (nil, nil): "everything"
      case (let start?, nil): "from \(text(start))"
      // Ranges exclude their end, but users expect it to be included.
      case (nil, let end?): "until \(text(end - 1))"
      case (let start?, let end?): "\(text(start)) to \(text(end - 1))"
      }
    let groups = options.logGroups.joined(separator: ", ")
    return [Report.Fact("Time range", range)]
      + (groups.isEmpty ? [] : [Report.Fact("Log groups", groups)])
  }
}

/// The maximum number of rows.
struct RowLimit: ExpressibleByArgument {
  var count: Int

  init?(argument: String) {
    if argument == "all" {
      count = .max
    } else if let count = Int(argument), count >= 0 {
      self.count = count
    } else {
      return nil
    }
  }
}
