internal import Glibc

/// A line on stderr that says how far long work has come, such as `12.3 MB, 45,678 events`.
///
/// It is drawn on a terminal only, over itself, at most ten times a second. Call `erase()` before
/// anything else is written to the terminal, and at the end.
public struct ProgressLine: ~Copyable {
  private let fileDescriptor: Int32
  private let isShown: Bool
  private var isDrawn = false
  private var earliestNextUpdate: UInt64 = 0

  /// Nanoseconds between two updates.
  private static let interval: UInt64 = 100_000_000

  /// Makes a progress line, which draws nothing before the first `update`.
  ///
  /// - Parameters:
  ///   - fileDescriptor: Usually standard error.
  ///   - isShown: `false` for `--quiet`; off a terminal it stays silent anyway.
  public init(fileDescriptor: Int32, isShown: Bool = true) {
    self.fileDescriptor = fileDescriptor
    self.isShown = isShown && isatty(fileDescriptor) == 1
  }

  deinit {
    if isDrawn { Self.write("\r\u{1B}[K", to: fileDescriptor) }
  }

  /// Draws what has been done so far, unless the last update was less than a tenth of a second ago.
  public mutating func update(byteCount: Int, eventCount: Int) {
    guard isShown else { return }
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    update(
      byteCount: byteCount, eventCount: eventCount,
      at: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
  }

  /// As above, at a given time in nanoseconds.
  mutating func update(byteCount: Int, eventCount: Int, at now: UInt64) {
    guard isShown, now >= earliestNextUpdate else { return }
    earliestNextUpdate = now &+ Self.interval
    isDrawn = true
    Self.write(
      "\r\(Self.text(byteCount: byteCount, eventCount: eventCount))\u{1B}[K", to: fileDescriptor)
  }

  /// Takes the line away; the next update draws it again.
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

  /// Progress that cannot be written is no reason to stop the work.
  private static func write(_ text: String, to fileDescriptor: Int32) {
    var text = text
    _ = text.withUTF8 { Glibc.write(fileDescriptor, $0.baseAddress, $0.count) }
  }
}
