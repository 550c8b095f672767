public import InsightsModel
public import InsightsText

/// Writes results in one output format.
///
/// A new format is one file under `Formats/` and one line in `OutputFormatRegistry`. What formats
/// have in common (the form of numbers, times and missing values) is in `ResultColumn+Text`.
public protocol ResultFormatter: Sendable {
  /// The name and the summary of the format.
  static var descriptor: OutputFormatDescriptor { get }

  /// Makes a formatter for output to `terminal`; `Terminal.none` means a file or pipe.
  ///
  /// Formats for reading show local times of `timeZone`; formats for programs always use UTC.
  init(terminal: Terminal, timeZone: TimeZone)

  /// Writes `table` to `output`, which the caller flushes at the end.
  ///
  /// - Throws: `OutputError` if the output cannot be written.
  func write(_ table: ResultTable, to output: inout OutputBuffer) throws(OutputError)
}

/// A formatter whose format can contain the results of several queries in one document.
///
/// Formats that are a single stream of rows (csv, ndjson) do not conform.
public protocol ResultCollectionFormatter: ResultFormatter {
  /// Writes `results` to `output` in the order given.
  ///
  /// - Throws: `OutputError` if the output cannot be written.
  func write(_ results: [NamedResult], to output: inout OutputBuffer) throws(OutputError)
}

/// A formatter whose format shows the queries beside their results.
public protocol ReportFormatter: ResultFormatter {
  /// Writes `report` to `output`, its results in the order given.
  ///
  /// - Throws: `OutputError` if the output cannot be written.
  func write(_ report: Report, to output: inout OutputBuffer) throws(OutputError)
}

/// The description of an output format for help and completion.
public struct OutputFormatDescriptor: Hashable, Sendable {
  /// The value for `--format`.
  public var name: String
  /// One line for help, without a full stop.
  public var summary: String
  /// Whether the format also writes the `@ptr` of events, the details of patterns, and
  /// `ResultTable.statistics`, which are computed only on request.
  public var showsQueryDetails: Bool

  /// Describes a format.
  public init(name: String, summary: String, showsQueryDetails: Bool = false) {
    self.name = name
    self.summary = summary
    self.showsQueryDetails = showsQueryDetails
  }
}
