/// The optimizations of a scan, none of which changes the rows.
///
/// Tests verify this by switching them off one by one.
public struct ScanOptimizations: OptionSet, Hashable, Sendable {
  /// One bit per optimization.
  public var rawValue: UInt32

  /// Makes a set from bits.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// The scan evaluates conditions instead of SQL; order, limits and groups require it.
  public static let conditions = ScanOptimizations(rawValue: 1)
  /// The scan computes values.
  public static let computedColumns = ScanOptimizations(rawValue: 2)
  /// With an order and a limit, only the first rows are passed to SQL.
  public static let firstRows = ScanOptimizations(rawValue: 4)
  /// The scan groups rows.
  public static let groups = ScanOptimizations(rawValue: 8)
  /// Segments are skipped by their streams, and by the bounds of their times, fields and numbers.
  public static let bounds = ScanOptimizations(rawValue: 16)
  /// Messages are skipped by filters over their bytes.
  public static let textFilters = ScanOptimizations(rawValue: 32)
  /// Messages are searched for the literals of a pattern before the pattern is tried.
  public static let literals = ScanOptimizations(rawValue: 64)
  /// Several threads scan the segments.
  public static let threads = ScanOptimizations(rawValue: 128)
  /// Segments are skipped by field indexes.
  public static let fieldIndexes = ScanOptimizations(rawValue: 256)
  /// Times are taken from a segment's directory, if it determines them, rather than from each
  /// event.
  public static let summaries = ScanOptimizations(rawValue: 512)
  /// The templates of messages are searched before messages are decoded.
  public static let templates = ScanOptimizations(rawValue: 1024)
  /// If only groups of several rows are requested, groups are created only for keys that may have
  /// that many.
  public static let frequentKeys = ScanOptimizations(rawValue: 2048)
  /// Events that contain a literal are counted by the number of events of each template.
  public static let templateCounts = ScanOptimizations(rawValue: 4096)
  /// Messages that contain an alternative of a pattern that is plain text are not matched against
  /// the pattern.
  public static let plainAlternatives = ScanOptimizations(rawValue: 8192)
  /// Captures of `parse` are read from the variables of templates.
  public static let templateCaptures = ScanOptimizations(rawValue: 16384)
  /// For fields of templates, only the values of the selected events are decoded.
  public static let selectedValues = ScanOptimizations(rawValue: 32768)

  /// The decoded templates of messages are kept between the queries of a store that stays open.
  public static let keptTemplates = ScanOptimizations(rawValue: 65536)
  /// Events of the type REPORT, and those with a number that only they have, are taken from the
  /// columns of REPORT lines.
  public static let reportLines = ScanOptimizations(rawValue: 131072)
  /// With an order and a limit, only the first of the rows with equal values are passed to SQL.
  public static let firstOfEach = ScanOptimizations(rawValue: 262144)

  /// The number of optimizations.
  public static let count = 19

  /// Every event is read and evaluated.
  public static let none: ScanOptimizations = []
  /// The default for queries.
  public static let all = ScanOptimizations(rawValue: .max)

  /// The optimizations that move work from SQL to the scan.
  public static let pushdowns: ScanOptimizations = [
    .conditions, .computedColumns, .firstRows, .firstOfEach, .groups,
  ]
}
