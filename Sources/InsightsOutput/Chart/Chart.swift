/// A result as a chart: bars by name, or values over time.
///
/// It describes what to draw; `TextChart` and `SVGChart` draw it.
public struct Chart: Sendable {
  /// The kind of a chart.
  public enum Kind: String, Hashable, Sendable {
    /// Columns over time, or bars; both start at zero.
    case bar
    /// Adjacent values are connected; only over time.
    case line
  }

  /// The data of a chart.
  enum Content: Sendable {
    case bars(labels: [String], panels: [BarPanel])
    case times(TimeAxis, panels: [TimePanel])
  }

  /// One number for each label.
  struct BarPanel: Sendable {
    var name: String
    var values: [Double?]
    /// The values as text, formatted as in all output formats.
    var texts: [String]
  }

  /// The time range of a chart, in epoch milliseconds.
  struct TimeAxis: Hashable, Sendable {
    var first: Int64
    var last: Int64
    /// The length of a bin in milliseconds; `nil` for events at arbitrary times.
    var step: Int64?
    /// The number of rows without a time.
    var omittedRowCount = 0
  }

  /// Values over time.
  struct TimePanel: Sendable {
    var name: String
    var style: TimeStyle
    /// The series, in descending order of size.
    var series: [TimeSeries]
  }

  enum TimeStyle: Sendable {
    case columns, line
    /// Unconnected points, one per event.
    case points
  }

  struct TimeSeries: Sendable {
    /// Empty if the panel has only one series.
    var name: String
    /// The points, in order of time.
    var points: [TimePoint]

    /// The highest point; the earliest if there are several.
    var peak: TimePoint? { points.max { ($0.value, $1.time) < ($1.value, $0.time) } }
  }

  struct TimePoint: Hashable, Sendable {
    var time: Int64
    var value: Double
  }

  var content: Content

  /// Whether the rows are aggregates of `stats`, so that a chart adds information.
  var isSummary: Bool
}
