public import InsightsModel
public import InsightsText

/// Writes results in one output format.
///
/// A new format is one file under `Formats/` and one line in `OutputFormatRegistry`. Everything that
/// formats have in common (how a number, a time or a missing value reads) is in `ResultColumn+Text`.
public protocol ResultFormatter: Sendable {
  /// The name and summary of the format.
  static var descriptor: OutputFormatDescriptor { get }

  /// Makes a formatter for output that goes to `terminal`, or elsewhere (`Terminal.none`).
  ///
  /// Formats for people show times as clocks of `timeZone` do; those for programs stay with UTC.
  init(terminal: Terminal, timeZone: TimeZone)

  /// Writes `table` to `output`, which the caller flushes at the end.
  ///
  /// - Throws: `OutputError` when the output cannot be written.
  func write(_ table: ResultTable, to output: inout OutputBuffer) throws(OutputError)
}

/// A formatter whose format can hold the results of several queries in one document.
///
/// Formats that are one stream of rows (csv, ndjson) do not conform.
public protocol ResultCollectionFormatter: ResultFormatter {
  /// Writes `results` to `output` in the order given.
  ///
  /// - Throws: `OutputError` when the output cannot be written.
  func write(_ results: [NamedResult], to output: inout OutputBuffer) throws(OutputError)
}

/// A formatter whose format tells what was asked beside what was found.
public protocol ReportFormatter: ResultFormatter {
  /// Writes `report` to `output`, its results in the order given.
  ///
  /// - Throws: `OutputError` when the output cannot be written.
  func write(_ report: Report, to output: inout OutputBuffer) throws(OutputError)
}

/// An output format as help and completion present it.
public struct OutputFormatDescriptor: Hashable, Sendable {
  /// What `--format` takes.
  public var name: String
  /// One line for help, without a full stop.
  public var summary: String
  /// Whether it also writes the `@ptr` of events, the details of patterns, and
  /// `ResultTable.statistics`, which a query gives only when asked.
  public var showsQueryDetails: Bool

  /// Describes a format.
  public init(name: String, summary: String, showsQueryDetails: Bool = false) {
    self.name = name
    self.summary = summary
    self.showsQueryDetails = showsQueryDetails
  }
}
