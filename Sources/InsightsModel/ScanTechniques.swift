/// The optimizations of a scan, none of which changes the rows.
///
/// Tests verify this by switching them off one by one.
public struct ScanTechniques: OptionSet, Hashable, Sendable {
  /// One bit per optimization.
  public var rawValue: UInt16

  /// Makes a set from bits.
  public init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  /// The scan evaluates conditions instead of SQL; order, limits and groups require it.
  public static let conditions = ScanTechniques(rawValue: 1)
  /// The scan computes values.
  public static let computedColumns = ScanTechniques(rawValue: 2)
  /// With an order and a limit, only the first rows are passed to SQL.
  public static let firstRows = ScanTechniques(rawValue: 4)
  /// The scan groups rows.
  public static let groups = ScanTechniques(rawValue: 8)
  /// Segments are skipped by their streams, and by the bounds of their times, fields and numbers.
  public static let bounds = ScanTechniques(rawValue: 16)
  /// Messages are skipped by filters over their bytes.
  public static let textFilters = ScanTechniques(rawValue: 32)
  /// Messages are searched for the literals of a pattern before the pattern is tried.
  public static let literals = ScanTechniques(rawValue: 64)
  /// Several threads scan the segments.
  public static let threads = ScanTechniques(rawValue: 128)
  /// Segments are skipped by field indexes.
  public static let fieldIndexes = ScanTechniques(rawValue: 256)
  /// Times are taken from a segment's directory, if it determines them, rather than from each
  /// event.
  public static let summaries = ScanTechniques(rawValue: 512)
  /// The templates of messages are searched before messages are decoded.
  public static let templates = ScanTechniques(rawValue: 1024)
  /// If only groups of several rows are requested, groups are created only for keys that may have
  /// that many.
  public static let frequentKeys = ScanTechniques(rawValue: 2048)
  /// Events that contain a literal are counted by the number of events of each template.
  public static let templateCounts = ScanTechniques(rawValue: 4096)
  /// Messages that contain an alternative of a pattern that is plain text are not matched against
  /// the pattern.
  public static let plainAlternatives = ScanTechniques(rawValue: 8192)
  /// Captures of `parse` are read from the variables of templates.
  public static let templateCaptures = ScanTechniques(rawValue: 16384)
  /// For fields of templates, only the values of the selected events are decoded.
  public static let selectedValues = ScanTechniques(rawValue: 32768)

  /// The number of techniques.
  public static let count = 16

  /// Every event is read and evaluated.
  public static let none: ScanTechniques = []
  /// The default for queries.
  public static let all = ScanTechniques(rawValue: .max)

  /// The optimizations that move work from SQL to the scan.
  public static let pushdowns: ScanTechniques = [
    .conditions, .computedColumns, .firstRows, .groups,
  ]
}
