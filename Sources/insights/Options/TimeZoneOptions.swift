internal import ArgumentParser
internal import InsightsOutput
internal import InsightsText

/// Options for the time zone.
struct TimeZoneOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Show times as clocks of this zone do, such as Europe/Berlin, +02:00 or local; json, ndjson, tsv and aws stay with UTC.",
      valueName: "zone"))
  var timezone = "UTC"

  func validate() throws {
    guard TimeZone.shown(timezone) != nil else {
      throw ValidationError(
        "unknown time zone '\(timezone)'; zones are names such as Europe/Berlin, +02:00, UTC or local"
      )
    }
  }

  /// The zone for displaying times.
  var timeZone: TimeZone { TimeZone.shown(timezone) ?? .utc }
}
