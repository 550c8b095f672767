/// The ways in which a scan saves work; without any of them the rows are the same.
///
/// Switching them off one by one is how tests hold that.
public struct ScanTechniques: OptionSet, Hashable, Sendable {
  public var rawValue: UInt16

  public init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  /// Conditions are evaluated by the scan instead of SQL; order, limits and groups need them.
  public static let conditions = ScanTechniques(rawValue: 1)
  /// Values are computed by the scan.
  public static let computedColumns = ScanTechniques(rawValue: 2)
  /// Of an order with a limit only the first rows are given to SQL.
  public static let firstRows = ScanTechniques(rawValue: 4)
  /// Rows are grouped by the scan.
  public static let groups = ScanTechniques(rawValue: 8)
  /// Segments are skipped by their streams, and the bounds of their times, fields and numbers.
  public static let bounds = ScanTechniques(rawValue: 16)
  /// Messages are skipped by the filters of their bytes.
  public static let textFilters = ScanTechniques(rawValue: 32)
  /// Messages are searched for the literals of a pattern before the pattern is tried.
  public static let literals = ScanTechniques(rawValue: 64)
  /// The segments are scanned by several threads.
  public static let threads = ScanTechniques(rawValue: 128)
  /// Segments are skipped by the indexes of fields.
  public static let fieldIndexes = ScanTechniques(rawValue: 256)
  /// What the directory of a segment tells of its times is not read or computed event by event.
  public static let summaries = ScanTechniques(rawValue: 512)
  /// Messages are searched as they are stored, before what was left out of them is put in again.
  public static let strippedText = ScanTechniques(rawValue: 1024)
  /// Of groups that need several rows only those are made whose keys may have them.
  public static let frequentKeys = ScanTechniques(rawValue: 2048)

  /// Every event is read and evaluated.
  public static let none: ScanTechniques = []
  /// What queries use.
  public static let all = ScanTechniques(rawValue: .max)

  /// Those that take work from SQL.
  public static let pushdowns: ScanTechniques = [
    .conditions, .computedColumns, .firstRows, .groups,
  ]
}
