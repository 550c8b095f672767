internal import InsightsStore

/// Reads the events of one input, piece by piece.
///
/// `batch` contains the events of a piece until the next one is read.
final class InputEvents {
  let file: InputFile
  let format: any LogFormat.Type
  /// Advice for a file that is not a log; `nil` if it can be read.
  let advice: String?
  private(set) var batch = LogEventBatch(defaultStream: StreamTable.Names())
  /// The number of bytes consumed, decompressed and as UTF-8.
  private(set) var position = 0
  /// The position of the piece.
  private(set) var pieceStart = 0
  /// The hash of the consumed bytes.
  private(set) var hash = SourceHash()
  private var state: any LogFormat
  private var window = TextWindow()
  private var mayHaveMore: Bool
  private var hasBegun = false
  /// Where a followed file continues: before text that may still be incomplete.
  private var checkpoint: Checkpoint?
  /// Whether the piece is the end of a followed file, which may still grow.
  private(set) var isProvisional = false
  /// How long the end of a followed file is held back after the file has grown: a last line without
  /// an end; a last event whose lines are complete, but may be continued, a quarter of that.
  var endDelay = Duration.zero
  /// `nil` if it does not matter any more.
  private var lastGrowth: ContinuousClock.Instant? = .now
  /// When the end that is held back has to be read all the same; `nil` if there is none.
  private(set) var endDue: ContinuousClock.Instant?

  private struct Checkpoint {
    var state: any LogFormat
    var batch: LogEventBatch
    var hash: SourceHash
    var position: Int
  }

  /// The number of bytes for detecting the format; the longest event fits, even with escapes.
  private static let headLength = 4 << 20
  private static let pieceLength = 1 << 20

  /// Reads the head of a file and detects its format, unless given; fails if the file is empty.
  init?(_ file: InputFile, format: (any LogFormat.Type)?) {
    self.file = file
    mayHaveMore = file.read(atLeast: InputEvents.headLength, into: &window)
    guard !window.isEmpty || file.damage != nil else { return nil }
    let head = UnsafeBufferPointer(rebasing: window.bytes.prefix(InputEvents.headLength))
    advice = format == nil ? UnsupportedFile.advice(on: head) : nil
    self.format = format ?? LogFormatRegistry.format(recognizing: head)
    state = self.format.init()
  }

  /// The beginning of the file; valid before the first piece is read.
  var head: UnsafeBufferPointer<UInt8> { window.bytes }

  /// Begins reading events; those that do not name their stream belong to `defaultStream`.
  func begin(
    defaultStream: StreamTable.Names, limits: LogEventBatch.Limits = LogEventBatch.Limits()
  ) {
    batch = LogEventBatch(defaultStream: defaultStream, limits: limits)
  }

  /// Rewinds the file and calls `body` with it, which may leave it at any position.
  func withFileAtStart<Result>(_ body: (InputFile) throws -> Result) rethrows -> Result {
    file.rewind()
    let result = try body(file)
    file.rewind()
    window.removeAll()
    mayHaveMore = file.read(atLeast: InputEvents.headLength, into: &window)
    state = format.init()
    (position, pieceStart, hash, hasBegun) = (0, 0, SourceHash(), false)
    (checkpoint, isProvisional, endDue) = (nil, false, nil)
    return result
  }

  /// Reads the next piece; returns false at the end.
  ///
  /// The last piece of a followed file is provisional; `resume` continues before it.
  func readPiece() -> Bool {
    guard checkpoint == nil else { return false }
    let isFollowed = file.isFollowed && file.mayGrow
    if hasBegun {
      guard mayHaveMore || isFollowed else { return false }
      batch.removeEvents()
      window.removeFirst(position - pieceStart)
      pieceStart = position
      if mayHaveMore {
        mayHaveMore = file.read(
          atLeast: max(InputEvents.pieceLength, window.count), into: &window)
      } else {
        checkpoint = Checkpoint(state: state, batch: batch, hash: hash, position: position)
        window.shrink()
        if window.isEmpty || holdsEnd() { return false }
        isProvisional = true
      }
    }
    hasBegun = true
    let isContinued = mayHaveMore || isFollowed && !isProvisional
    let ending: WindowEnding = isContinued ? .more : file.damage == nil ? .end : .cut
    let text = window.bytes
    batch.begin(text)
    let count = min(state.read(text, ending: ending, into: &batch), text.count)
    hash.update(UnsafeBufferPointer(rebasing: text[..<count]))
    pieceStart = position
    position += count
    return true
  }

  /// Whether the rest of the last event may be about to come.
  private func holdsEnd() -> Bool {
    let isFinished = window.bytes.last == UInt8(ascii: "\n")
    let due = lastGrowth.map { $0 + (isFinished ? endDelay / 4 : endDelay) }
    endDue = due.flatMap { .now < $0 ? $0 : nil }
    return endDue != nil
  }

  /// The change of a followed file since it was read.
  enum Growth { case more, none, anotherFile }

  /// Continues a followed file that was read to its end, if it has grown, or its end was held back
  /// for long enough.
  func resume() -> Growth {
    guard let end = checkpoint, file.resume() else { return .anotherFile }
    let count = window.count
    mayHaveMore = file.read(atLeast: InputEvents.pieceLength, into: &window)
    if window.count > count {
      lastGrowth = .now
    } else if endDue.map({ .now < $0 }) ?? true {
      return .none
    }
    begin(at: end)
    return .more
  }

  /// Continues with the end that was held back although the file is no longer there; returns false if
  /// there is none.
  func resumeWithEnd() -> Bool {
    guard let end = checkpoint, endDue != nil else { return false }
    lastGrowth = nil
    begin(at: end)
    return true
  }

  private func begin(at end: Checkpoint) {
    (state, batch, hash, position) = (end.state, end.batch, end.hash, end.position)
    (pieceStart, hasBegun, isProvisional, checkpoint) = (position, false, false, nil)
    endDue = nil
  }
}
