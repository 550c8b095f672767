/// What a result looks like as a picture: bars by name, or values over time.
///
/// It says what is to be drawn; `TextChart` and `SVGChart` draw it.
public struct Chart: Sendable {
  /// How values are drawn.
  public enum Kind: String, Hashable, Sendable {
    /// From zero up: columns over time, else bars.
    case bar
    /// Each value joined to the next; over time only.
    case line
  }

  /// What there is a chart of.
  enum Content: Sendable {
    case bars(labels: [String], panels: [BarPanel])
    case times(TimeAxis, panels: [TimePanel])
  }

  /// A number for each label.
  struct BarPanel: Sendable {
    var name: String
    var values: [Double?]
    /// The values as every format shows them.
    var texts: [String]
  }

  /// The span that values are drawn over, epoch milliseconds.
  struct TimeAxis: Hashable, Sendable {
    var first: Int64
    var last: Int64
    /// The length of a bin in milliseconds; `nil` for events, which come when they come.
    var step: Int64?
    /// Rows that have no time.
    var omittedRowCount = 0
  }

  /// Numbers over time.
  struct TimePanel: Sendable {
    var name: String
    var style: TimeStyle
    /// The largest first.
    var series: [TimeSeries]
  }

  enum TimeStyle: Sendable {
    case columns, line
    /// Events, each for itself.
    case points
  }

  struct TimeSeries: Sendable {
    /// Empty where a panel has one series only.
    var name: String
    /// In the order of time.
    var points: [TimePoint]

    /// The highest point; the first, where several are.
    var peak: TimePoint? { points.max { ($0.value, $1.time) < ($1.value, $0.time) } }
  }

  struct TimePoint: Hashable, Sendable {
    var time: Int64
    var value: Double
  }

  var content: Content

  /// Whether the rows are summed up by `stats`, so that a picture says more than they do.
  var isSummary: Bool
}
