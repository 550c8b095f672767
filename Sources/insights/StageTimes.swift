internal import InsightsScan
internal import InsightsEngine
internal import InsightsStore

/// The duration of each stage of a command, for `--timing`.
struct StageTimes {
  private(set) var times: [(name: String, duration: Duration)] = []
  /// The numbers of events that the queries' scans have read and skipped.
  private(set) var scanned = ScanStatistics()
  private var start = ContinuousClock.now

  /// Ends the current stage, which began at the end of the previous one.
  mutating func end(_ name: String) {
    let now = ContinuousClock.now
    add(now - start, to: name)
    start = now
  }

  /// Adds the stages of the query that has just run.
  mutating func add(_ timing: Engine.Timing) {
    add(timing.compile, to: "compile")
    add(timing.run, to: "run")
    scanned += timing.scanned
    start = .now
  }

  /// Adds a duration to a stage, which may already exist.
  mutating func add(_ duration: Duration, to name: String) {
    if let index = times.firstIndex(where: { $0.name == name }) {
      times[index].duration += duration
    } else {
      times.append((name, duration))
    }
  }

  /// One readable line: the stages and their sum.
  var summary: String {
    let sum = times.reduce(Duration.zero) { $0 + $1.duration }
    let all = times + (times.count > 1 ? [("in all", sum)] : [])
    return all.map { "\($0.name) \(Self.milliseconds($0.duration))" }.joined(separator: ", ")
  }

  /// One readable line: the events read and skipped; `nil` if no events were read.
  var scanSummary: String? {
    scanned.segments > 0 ? scanned.summary : nil
  }

  /// The stages for scripts, in whole microseconds.
  var microseconds: [(String, Int)] {
    times.map { ($0.name, Int(Self.microseconds($0.duration))) }
  }

  /// The numbers of scanned events for scripts; empty if no events were read.
  var scanStatistics: [(String, Int)] {
    guard scanned.segments > 0 else { return [] }
    return [("segments", scanned.segments), ("segments_read", scanned.count(.read))]
      + ScanStatistics.Outcome.skipping.map { outcome in
        let reason = outcome.words.split(separator: " ").joined(separator: "_")
        let verb = outcome == .notReached ? "" : "skipped_"
        return ("segments_\(verb)\(reason)", scanned.count(outcome))
      } + [
        ("events", scanned.events), ("events_read", scanned.eventsRead),
        ("bytes_read", scanned.bytesRead),
        ("events_skipped", scanned.events - scanned.eventsRead),
        ("text_bytes_skipped", scanned.textBytesSkipped),
      ]
  }

  private static func microseconds(_ duration: Duration) -> Int64 {
    let (seconds, attoseconds) = duration.components
    return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
  }

  private static func milliseconds(_ duration: Duration) -> String {
    let tenths = (microseconds(duration) + 50) / 100
    return "\(tenths / 10).\(tenths % 10) ms"
  }
}
