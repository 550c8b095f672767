internal import InsightsText

/// The time axis: round times between the first and the last time.
struct TimeScale {
  struct Tick: Equatable {
    /// Epoch milliseconds.
    var time: Int64
    var label: String
  }

  let first: Int64
  let last: Int64
  private let zone: TimeZone

  init(_ axis: Chart.TimeAxis, in zone: TimeZone) {
    first = axis.first
    last = axis.last
    self.zone = zone
  }

  /// Maps a time to the axis: 0 at the first time, 1 at the last.
  func fraction(of time: Int64) -> Double {
    first == last ? 0 : Double(time - first) / Double(last - first)
  }

  /// Returns round times with labels (`HH:MM` or dates), at most `count`.
  ///
  /// A long axis with few events may have none.
  func ticks(atMost count: Int) -> [Tick] {
    guard count > 0 else { return [] }
    let interval =
      Self.intervals.first { (last - first) / $0 < Int64(count) }
      ?? ((last - first) / Int64(count) / Self.year + 1) * Self.year
    let start = first + zone.offset(atMilliseconds: first)
    var local = start - ((start % interval) + interval) % interval
    if local < start { local += interval }
    var ticks: [(time: Int64, local: Int64)] = []
    while ticks.count < count {
      let time = local - zone.offset(atMilliseconds: local - zone.offset(atMilliseconds: first))
      guard time <= last else { break }
      if time >= first { ticks.append((time, local)) }
      local += interval
    }
    let precision =
      [60_000, 1000].first { unit in ticks.allSatisfy { $0.local % unit == 0 } } ?? Int64(1)
    return ticks.map { tick in
      Tick(
        time: tick.time, label: label(tick.local, interval: interval, precision: precision))
    }
  }

  /// The range of the axis in words: `2026-03-17 01:30 to 03:00 UTC`.
  var caption: String {
    let from = text(of: first)
    let to = text(of: last)
    var caption = from
    if first != last {
      let isOneDay = from.prefix(10) == to.prefix(10)
      caption += " to \(isOneDay ? String(to.dropFirst(11)) : to)"
    }
    return caption + " \(zone.name)"
  }

  /// A time in full, without seconds or milliseconds if no time on the axis has them.
  func text(of time: Int64) -> String {
    let text = Self.text(of: time + zone.offset(atMilliseconds: time))
    if first % 60_000 == 0, last % 60_000 == 0, time % 60_000 == 0 {
      return String(text.dropLast(7))
    }
    if first % 1000 == 0, last % 1000 == 0, time % 1000 == 0 { return String(text.dropLast(4)) }
    return text
  }

  /// A duration: `5 minutes`, `1 hour`, `1500 ms`.
  static func length(_ milliseconds: Int64) -> String {
    let units: [(Int64, String)] = [
      (86_400_000, "day"), (3_600_000, "hour"), (60_000, "minute"), (1000, "second"),
    ]
    for (unit, name) in units where milliseconds % unit == 0 && milliseconds > 0 {
      let count = milliseconds / unit
      return count == 1 ? "1 \(name)" : "\(count.grouped) \(name)s"
    }
    return "\(milliseconds.grouped) ms"
  }

  private static let year: Int64 = 365 * 86_400_000

  /// The intervals between ticks, in milliseconds.
  private static let intervals: [Int64] =
    [1, 2, 5, 10, 20, 50, 100, 200, 500]
    + [1, 2, 5, 10, 15, 30].map { $0 * 1000 } + [1, 2, 5, 10, 15, 30].map { $0 * 60_000 }
    + [1, 2, 3, 6, 12].map { $0 * 3_600_000 }
    + [1, 2, 7, 14, 28, 91, 182].map { $0 * 86_400_000 }

  private func label(_ local: Int64, interval: Int64, precision: Int64) -> String {
    let text = Self.text(of: local)
    let isLong = last - first >= Self.year
    if interval >= 86_400_000 { return isLong ? String(text.prefix(10)) : monthAndDay(text) }
    // If the axis spans several days, the label at midnight is the date.
    if local % 86_400_000 == 0, last - first >= 86_400_000 { return monthAndDay(text) }
    let time = text.dropFirst(11)
    return String(time.prefix(precision == 1 ? 12 : precision == 1000 ? 8 : 5))
  }

  private func monthAndDay(_ text: String) -> String { String(text.dropFirst(5).prefix(5)) }

  private static func text(of local: Int64) -> String {
    var bytes: [UInt8] = []
    Timestamp.append(local, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}
