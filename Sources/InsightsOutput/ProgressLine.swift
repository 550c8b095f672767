internal import Glibc

/// A progress line on standard error, such as `12.3 MB, 45,678 events`.
///
/// It appears only on a terminal and is redrawn in place, at most ten times a second. Call
/// `erase()` before writing anything else to the terminal, and at the end.
public struct ProgressLine: ~Copyable {
  private let fileDescriptor: Int32
  private let isShown: Bool
  private var isDrawn = false
  private var earliestNextUpdate: UInt64 = 0

  /// The minimum number of nanoseconds between two updates.
  private static let interval: UInt64 = 100_000_000

  /// Makes a progress line, which draws nothing before the first `update`.
  ///
  /// - Parameters:
  ///   - fileDescriptor: Usually standard error.
  ///   - isShown: `false` for `--quiet`; without a terminal nothing is drawn anyway.
  public init(fileDescriptor: Int32, isShown: Bool = true) {
    self.fileDescriptor = fileDescriptor
    self.isShown = isShown && isatty(fileDescriptor) == 1
  }

  deinit {
    if isDrawn { Self.write("\r\u{1B}[K", to: fileDescriptor) }
  }

  /// Draws the progress, unless the last update was less than a tenth of a second ago.
  public mutating func update(byteCount: Int, eventCount: Int) {
    guard isShown else { return }
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    update(
      byteCount: byteCount, eventCount: eventCount,
      at: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
  }

  /// Draws the progress like `update`, at a given time in nanoseconds.
  mutating func update(byteCount: Int, eventCount: Int, at now: UInt64) {
    guard isShown, now >= earliestNextUpdate else { return }
    earliestNextUpdate = now &+ Self.interval
    isDrawn = true
    Self.write(
      "\r\(Self.text(byteCount: byteCount, eventCount: eventCount))\u{1B}[K", to: fileDescriptor)
  }

  /// Erases the line; the next update draws it again.
  public mutating func erase() {
    guard isDrawn else { return }
    isDrawn = false
    Self.write("\r\u{1B}[K", to: fileDescriptor)
  }

  /// The text of the line.
  static func text(byteCount: Int, eventCount: Int) -> String {
    let tenths = byteCount / 100_000
    return "\((tenths / 10).grouped).\(tenths % 10) MB, \(eventCount.grouped) events"
  }

  /// Writes a text; errors are ignored, as they must not stop the work.
  private static func write(_ text: String, to fileDescriptor: Int32) {
    var text = text
    _ = text.withUTF8 { Glibc.write(fileDescriptor, $0.baseAddress, $0.count) }
  }
}
