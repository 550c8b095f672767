internal import InsightsText

/// Files that are no logs but hold some; what to do with them instead is all that is said.
struct UnsupportedFormat: LogFormat {
  static let descriptor = LogFormatDescriptor(
    name: "unsupported", summary: "archives and workbooks that are not read", sample: "PK\u{3}\u{4}"
  )

  private var hasAdvised = false

  init() {}

  static func recognizes(_ head: UnsafeBufferPointer<UInt8>) -> Bool { advice(on: head) != nil }

  private static func advice(on head: UnsafeBufferPointer<UInt8>) -> String? {
    if head.holds("PK\u{3}\u{4}", at: 0) {
      return head.firstOffset(of: "xl/") != nil || head.firstOffset(of: "[Content_Types]") != nil
        ? "an Excel workbook is not read; export CSV or JSON instead"
        : "a zip archive is not read; unpack it and give the folder"
    }
    if head.holds("PAR1", at: 0) { return "a Parquet file is not read; export JSON or CSV instead" }
    if head.holds("ustar", at: 257) {
      return "a tar archive is not read; unpack it and give the folder"
    }
    if let advice = CommandLineReply.advice(on: head) { return advice }
    if head.holds("SQLite format 3\u{0}", at: 0) { return "an SQLite database is not a log" }
    return nil
  }

  mutating func read(
    _ window: UnsafeBufferPointer<UInt8>, ending: WindowEnding, into batch: inout LogEventBatch
  ) -> Int {
    if !hasAdvised, let advice = Self.advice(on: window) { batch.remark(.lossy, at: 0, advice) }
    hasAdvised = true
    return window.count
  }
}
