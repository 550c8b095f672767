#if Server
  internal import InsightsService
  internal import InsightsThreads
  internal import NIOCore

  /// Passes the parts of a body from the thread that produces them to the task that sends them.
  ///
  /// The thread blocks while the limit of unsent bytes is reached.
  final class BodyStream: ReplyStream, Sendable {
    /// The maximum number of unsent bytes, in addition to the part being passed.
    private static let byteLimit = 256 << 10

    /// The maximum time for which a client may leave available data unread.
    private static let stallLimit = Duration.seconds(30)

    private struct State {
      var pieces: [[UInt8]] = []
      var byteCount = 0
      var isEnded = false
      /// Whether a part of the reply was not sent.
      var isBroken = false
      var isWriterWaiting = false
      var reader: CheckedContinuation<Void, Never>?
    }

    private let state = Locked(State())
    private let closing = OneTimeEvent()
    private let space = Semaphore()

    var isOpen: Bool { !closing.hasHappened }

    func write(_ bytes: [UInt8]) -> Bool {
      while true {
        let (isDone, mayWait, reader) = state.withLock {
          state -> (Bool, Bool, CheckedContinuation<Void, Never>?) in
          if !isOpen {
            state.isBroken = true
            return (true, false, nil)
          }
          guard state.byteCount < Self.byteLimit else {
            state.isWriterWaiting = true
            return (false, true, nil)
          }
          state.pieces.append(bytes)
          state.byteCount += bytes.count
          defer { state.reader = nil }
          return (true, false, state.reader)
        }
        reader?.resume()
        if isDone { return isOpen }
        if mayWait, !space.wait(atMost: Self.stallLimit) {
          abort()
          return false
        }
      }
    }

    func abort() {
      state.withLock { $0.isBroken = true }
      close()
    }

    /// Whether the reply is incomplete, which the client must be able to detect.
    var isBroken: Bool { state.withLock { $0.isBroken } }

    func onClose(_ body: @escaping @Sendable () -> Void) { closing.watch(body) }

    /// Ends the body.
    func end() {
      let reader = state.withLock { state in
        state.isEnded = true
        defer { state.reader = nil }
        return state.reader
      }
      reader?.resume()
    }

    /// Called when the body is no longer read.
    func close() {
      closing.happen()
      let isWriterWaiting = state.withLock { state in
        if !state.pieces.isEmpty { state.isBroken = true }
        state.pieces = []
        defer { state.isWriterWaiting = false }
        return state.isWriterWaiting
      }
      if isWriterWaiting { space.signal() }
    }

    /// Returns everything written so far, once there is something; `nil` once the writer has ended.
    func next() async -> ByteBuffer? {
      while true {
        let (pieces, isOver, wakesWriter) = state.withLock { state -> ([[UInt8]], Bool, Bool) in
          defer {
            state.pieces = []
            state.byteCount = 0
            state.isWriterWaiting = false
          }
          return (state.pieces, state.isEnded, state.isWriterWaiting)
        }
        if wakesWriter { space.signal() }
        if !pieces.isEmpty {
          var buffer = ByteBufferAllocator().buffer(capacity: pieces.reduce(0) { $0 + $1.count })
          for piece in pieces { buffer.writeBytes(piece) }
          return buffer
        }
        if isOver { return nil }
        await withCheckedContinuation { continuation in
          let isReady = state.withLock { state in
            guard state.pieces.isEmpty, !state.isEnded else { return true }
            state.reader = continuation
            return false
          }
          if isReady { continuation.resume() }
        }
      }
    }
  }
#endif
