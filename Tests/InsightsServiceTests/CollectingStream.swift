import InsightsService
import InsightsThreads

/// Collects what is streamed; with `limit` it closes after so many writes.
final class CollectingStream: ReplyStream, Sendable {
  private let limit: Int
  private let count = Locked(0)
  let written = Locked<[UInt8]>([])
  let closing = OneTimeEvent()
  let isBroken = Locked(false)
  var isOpen: Bool { !closing.hasHappened }

  init(limit: Int = .max) { self.limit = limit }

  func write(_ bytes: [UInt8]) -> Bool {
    written.withLock { $0 += bytes }
    let isLast = count.withLock { count in
      count += 1
      return count == limit
    }
    if isLast { closing.happen() }
    return true
  }

  func abort() { isBroken.withLock { $0 = true } }

  func onClose(_ body: @escaping @Sendable () -> Void) { closing.watch(body) }
}

extension Reply {
  /// The whole body, also where it is streamed; "broken" where that was broken off.
  var text: String { text(writes: .max) }

  /// The same of a client that goes after so many writes.
  func text(writes: Int) -> String {
    switch body {
    case .bytes(let bytes): return String(decoding: bytes, as: UTF8.self)
    case .stream(let write):
      let stream = CollectingStream(limit: writes)
      write(stream)
      if stream.isBroken.withLock({ $0 }) { return "broken" }
      return String(decoding: stream.written.withLock { $0 }, as: UTF8.self)
    }
  }
}
