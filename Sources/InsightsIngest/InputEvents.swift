internal import InsightsStore

/// Reads the events of one input, piece by piece.
///
/// What a piece gives stands in `batch` until the next is read.
final class InputEvents {
  let file: InputFile
  let format: any LogFormat.Type
  /// What to do instead with a file that is no log; `nil` for one that may be read.
  let advice: String?
  private(set) var batch = LogEventBatch(defaultStream: StreamTable.Names())
  /// Bytes that are done with, decompressed and as UTF-8.
  private(set) var position = 0
  /// Where the piece begins.
  private(set) var pieceStart = 0
  /// Of the bytes that are done with.
  private(set) var hash = SourceHash()
  private var state: any LogFormat
  private var window = TextWindow()
  private var mayHaveMore: Bool
  private var hasBegun = false
  /// Where a followed file goes on: before what is not surely whole yet.
  private var checkpoint: Checkpoint?
  /// Whether the piece is what stands at the end of a followed file, and may still become longer.
  private(set) var isProvisional = false

  private struct Checkpoint {
    var state: any LogFormat
    var batch: LogEventBatch
    var hash: SourceHash
    var position: Int
  }

  /// What a format is recognised by; the longest event fits in, also with all its escapes.
  private static let headLength = 4 << 20
  private static let pieceLength = 1 << 20

  /// Reads the head of a file, which shows its format unless that is given; fails where the file is
  /// empty.
  init?(_ file: InputFile, format: (any LogFormat.Type)?) {
    self.file = file
    mayHaveMore = file.read(atLeast: InputEvents.headLength, into: &window)
    guard !window.isEmpty || file.damage != nil else { return nil }
    let head = UnsafeBufferPointer(rebasing: window.bytes.prefix(InputEvents.headLength))
    advice = format == nil ? UnsupportedFile.advice(on: head) : nil
    self.format = format ?? LogFormatRegistry.format(recognizing: head)
    state = self.format.init()
  }

  /// What the file begins with; before the first piece is read.
  var head: UnsafeBufferPointer<UInt8> { window.bytes }

  /// Begins with the events; those that do not say it are of `defaultStream`.
  func begin(
    defaultStream: StreamTable.Names, limits: LogEventBatch.Limits = LogEventBatch.Limits()
  ) {
    batch = LogEventBatch(defaultStream: defaultStream, limits: limits)
  }

  /// Goes back to the start of the file, and lends it to `body`, which may leave it anywhere.
  func withFileAtStart<Result>(_ body: (InputFile) throws -> Result) rethrows -> Result {
    file.rewind()
    let result = try body(file)
    file.rewind()
    window.removeAll()
    mayHaveMore = file.read(atLeast: InputEvents.headLength, into: &window)
    state = format.init()
    (position, pieceStart, hash, hasBegun) = (0, 0, SourceHash(), false)
    (checkpoint, isProvisional) = (nil, false)
    return result
  }

  /// Reads the next piece; false where there is none.
  ///
  /// Of a followed file the last piece is provisional; `resume` goes on before it.
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
        if window.isEmpty { return false }
        isProvisional = true
      }
    }
    hasBegun = true
    let goesOn = mayHaveMore || isFollowed && !isProvisional
    let ending: WindowEnding = goesOn ? .more : file.damage == nil ? .end : .cut
    let text = window.bytes
    batch.begin(text)
    let count = min(state.read(text, ending: ending, into: &batch), text.count)
    hash.update(UnsafeBufferPointer(rebasing: text[..<count]))
    pieceStart = position
    position += count
    return true
  }

  /// What has become of a followed file.
  enum Growth { case more, none, anotherFile }

  /// Goes on with a followed file that was read to its end, where it has more bytes now.
  func resume() -> Growth {
    guard let end = checkpoint, file.resume() else { return .anotherFile }
    let count = window.count
    mayHaveMore = file.read(atLeast: InputEvents.pieceLength, into: &window)
    guard window.count > count else { return .none }
    (state, batch, hash, position) = (end.state, end.batch, end.hash, end.position)
    (pieceStart, hasBegun, isProvisional, checkpoint) = (position, false, false, nil)
    return .more
  }
}
