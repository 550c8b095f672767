/// The numbers of the REPORT lines of a segment; one entry per line in every array.
///
/// Milliseconds, and bytes with a megabyte of 1,000,000. Missing numbers are NaN and
/// `SegmentReader.missing`.
package struct ReportColumns: Sendable {
  /// The event of each line, ascending.
  package var events: [UInt16] = []
  package var duration: [Double] = []
  package var billedDuration: [Int64] = []
  package var memorySize: [Int64] = []
  package var maxMemoryUsed: [Int64] = []
  package var initDuration: [Double] = []
  /// `nil` if no line has one.
  package var xrayTraceIDs: OptionalTexts?
  package var xraySegmentIDs: OptionalTexts?

  init() {}

  /// The billed duration minus the whole milliseconds of the duration, mostly a constant.
  ///
  /// `nil` if numbers are too large for it.
  private var surplus: [Int64]? {
    var surplus: [Int64] = []
    for (billed, duration) in zip(billedDuration, duration) {
      if billed == SegmentReader.missing {
        surplus.append(billed)
      } else {
        guard billed.magnitude < 1 << 53 else { return nil }
        surplus.append(billed - ReportColumns.wholeMilliseconds(duration))
      }
    }
    return surplus
  }

  private static func wholeMilliseconds(_ duration: Double) -> Int64 {
    abs(duration) < 0x1p52 ? Int64(duration) : 0
  }

  // MARK: Blocks

  func append(to output: inout BlockOutput) {
    output.append(count: events.count)
    IntegerCodec.append(indexes: events, to: &output)
    RealCodec.append(duration, to: &output)
    let surplus = surplus
    output.append(surplus == nil ? 0 : 1)
    IntegerCodec.append(surplus ?? billedDuration, asSteps: false, to: &output)
    IntegerCodec.append(memorySize, asSteps: false, to: &output)
    IntegerCodec.append(maxMemoryUsed, asSteps: false, to: &output)
    RealCodec.append(initDuration, to: &output)
    for texts in [xrayTraceIDs, xraySegmentIDs] {
      output.append(texts == nil ? 0 : 1)
      texts?.append(to: &output)
    }
  }

  /// Decodes the columns; with `onlyDuration` only the events and the duration.
  init?(encoded: [UInt8], eventCount: Int, onlyDuration: Bool = false) {
    var input = BlockInput(encoded)
    guard let count = input.count(limit: eventCount),
      let events = IntegerCodec.indexes(from: &input, count: count, limit: eventCount),
      let duration = RealCodec.reals(from: &input, count: count)
    else { return nil }
    self.events = events
    self.duration = duration
    if onlyDuration { return }
    guard let isSurplus = input.byte(),
      let billed = IntegerCodec.integers(from: &input, count: count),
      let memorySize = IntegerCodec.integers(from: &input, count: count),
      let maxMemoryUsed = IntegerCodec.integers(from: &input, count: count),
      let initDuration = RealCodec.reals(from: &input, count: count)
    else { return nil }
    billedDuration =
      isSurplus == 0
      ? billed
      : zip(billed, duration).map { surplus, duration in
        surplus == SegmentReader.missing
          ? surplus : surplus &+ ReportColumns.wholeMilliseconds(duration)
      }
    self.memorySize = memorySize
    self.maxMemoryUsed = maxMemoryUsed
    self.initDuration = initDuration
    for column in [\ReportColumns.xrayTraceIDs, \ReportColumns.xraySegmentIDs] {
      guard let isPresent = input.byte() else { return nil }
      if isPresent == 0 { continue }
      guard let texts = OptionalTexts(from: &input, count: count) else { return nil }
      self[keyPath: column] = texts
    }
  }
}
