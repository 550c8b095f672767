internal import InsightsScan
internal import InsightsText

/// `ql_parse_date(text, pattern, zone)` and `ql_format_date(milliseconds, pattern, zone)`.
///
/// Text that does not match, and an invalid pattern or zone, return NULL; the query compiler has
/// already rejected invalid patterns.
enum DateTextFunctions {
  static var all: [SQLFunction] {
    [
      SQLFunction("ql_parse_date", arguments: 3) { DateTextFunctions.parse(SQLCall($0, $1, $2)) },
      SQLFunction("ql_format_date", arguments: 3) {
        DateTextFunctions.format(SQLCall($0, $1, $2))
      },
    ]
  }

  private static func parse(_ call: SQLCall) {
    guard !call.hasNull else { return }
    let pattern = call.cached(forArgument: 1) { Cached($0) { try? DatePattern($0) } }.value
    guard let pattern, let zone = zone(of: call),
      let time = call[0].withText({ pattern.time(of: $0, in: zone) })
    else { return }
    call.setResult(time)
  }

  private static func format(_ call: SQLCall) {
    guard !call.hasNull, let time = call[0].wholeNumber else { return }
    let format = call.cached(forArgument: 1) { Cached($0) { try? DateFormat($0) } }.value
    guard let format, let zone = zone(of: call) else { return }
    let workspace = call.workspace
    workspace.output.removeAll(keepingCapacity: true)
    if format.append(time, in: zone, to: &workspace.output) {
      call.setResult(text: workspace.output)
    }
  }

  private static func zone(of call: SQLCall) -> TimeZone? {
    call.cached(forArgument: 2) { Cached($0) { TimeZone.named($0) } }.value
  }

  /// The parsed value of an argument, or `nil`, as an object that SQLite can cache.
  private final class Cached<Denoted> {
    let value: Denoted?

    init(_ argument: SQLValue, _ make: (String) -> Denoted?) {
      value = make(argument.withText { String(decoding: $0, as: UTF8.self) })
    }
  }
}
