import InsightsService
import InsightsThreads

/// Collects what is streamed.
final class CollectingStream: ReplyStream, Sendable {
  let written = Locked<[UInt8]>([])
  let closing = OneTimeEvent()
  let isBroken = Locked(false)
  var isOpen: Bool { !closing.hasHappened }

  func write(_ bytes: [UInt8]) -> Bool {
    written.withLock { $0 += bytes }
    return true
  }

  func abort() { isBroken.withLock { $0 = true } }

  func onClose(_ body: @escaping @Sendable () -> Void) { closing.watch(body) }
}

extension Reply {
  /// The whole body, also where it is streamed; "broken" where that was broken off.
  var text: String {
    switch body {
    case .bytes(let bytes): return String(decoding: bytes, as: UTF8.self)
    case .stream(let write):
      let stream = CollectingStream()
      write(stream)
      if stream.isBroken.withLock({ $0 }) { return "broken" }
      return String(decoding: stream.written.withLock { $0 }, as: UTF8.self)
    }
  }
}
