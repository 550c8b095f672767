/// The numbers of the REPORT lines of a segment; one entry per line in every array.
///
/// Milliseconds, and bytes with a megabyte of 1,000,000. Missing numbers are NaN and
/// `SegmentReader.missing`.
struct ReportColumns: Sendable {
  /// The event of each line, ascending.
  var events: [UInt16] = []
  var duration: [Double] = []
  var billedDuration: [Int64] = []
  var memorySize: [Int64] = []
  var maxMemoryUsed: [Int64] = []
  var initDuration: [Double] = []
  /// `nil` where no line has one.
  var xrayTraceIDs: OptionalTexts?
  var xraySegmentIDs: OptionalTexts?
}
