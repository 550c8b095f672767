/// One input, decompressed and converted to UTF-8, in constant memory.
final class InputFile {
  /// The maximum number of nested layers of compression.
  private static let nestingLimit = 3
  private static let pieceSize = 1 << 20

  /// Below this size compressed data is never suspicious; logs usually grow by a factor of ten to
  /// thirty.
  private static let leastInflatedByteLimit = 1 << 30
  private static let inflationLimit = 100

  /// The path; `-` is standard input.
  let path: String
  private let inflatedByteLimit: Int?
  private var isCompressed = false
  private var inflatedByteCount = 0
  private let file: FileSource
  private var source: any ByteSource
  private var normalizer = TextNormalizer()
  private var isAtEnd = false
  /// Why the input ended early; `nil` if it did not.
  private(set) var damage: InputDamage?

  /// Opens a file, or standard input for `-`.
  ///
  /// At most `inflatedByteLimit` bytes are decompressed; `nil`: 1 GB, or 100 times the compressed
  /// bytes read so far if that is more.
  ///
  /// - Throws: `UnreadableInput`, `StoreError.temporaryFolder`.
  init(path: String, inflatedByteLimit: Int? = nil) throws {
    self.path = path
    self.inflatedByteLimit = inflatedByteLimit
    file = try FileSource(path: path)
    source = file
    openLayers()
  }

  /// Whether the file is followed: reading continues when it has grown.
  var isFollowed = false

  /// Whether bytes appended to the file extend the text.
  var mayGrow: Bool { !isCompressed && path != "-" }

  /// Continues reading a followed file; returns false if the path now leads to another file.
  func resume() -> Bool {
    guard file.isContinued(at: path) else { return false }
    isAtEnd = false
    return true
  }

  /// The number of bytes read from disk so far.
  var rawByteCount: Int { file.byteCount }

  var repairs: [String] { normalizer.repairs }

  /// Returns to the start.
  func rewind() {
    file.rewind()
    source = file
    normalizer = TextNormalizer()
    damage = nil
    isAtEnd = false
    isCompressed = false
    inflatedByteCount = 0
    openLayers()
  }

  /// Appends the next text, at least `minimum` bytes unless the input ends.
  ///
  /// - Returns: false at the end of the input; `damage` says whether it ended early.
  func read(atLeast minimum: Int, into text: inout TextWindow) -> Bool {
    let goal = text.count + max(minimum, 1)
    while !isAtEnd, text.count < goal {
      let room = normalizer.room(for: InputFile.pieceSize, behind: &text)
      var count = 0
      do throws(InputDamage) {
        count = try source.read(into: room)
      } catch {
        damage = error
      }
      inflatedByteCount += count
      if isCompressed, inflatedByteCount > limit {
        damage = InputDamage(
          message:
            "the data inflates to more than \(limit) bytes (--inflate-limit) and is cut there")
        normalizer.add(max(0, count - (inflatedByteCount - limit)), to: &text)
        count = 0
      }
      isAtEnd = count == 0
      if isAtEnd, isFollowed, mayGrow {
        file.noteEnd()
      } else {
        normalizer.add(count, to: &text)
      }
    }
    return !isAtEnd
  }

  /// The maximum decompressed size of the data read so far, in bytes.
  private var limit: Int {
    inflatedByteLimit
      ?? max(InputFile.leastInflatedByteLimit, InputFile.inflationLimit * file.byteCount)
  }

  /// Detects compression by the first bytes, layer by layer.
  private func openLayers() {
    let piece = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 4096)
    defer { piece.deallocate() }
    for _ in 0...InputFile.nestingLimit {
      var head: [UInt8] = []
      do throws(InputDamage) {
        while head.count < 4 {
          let count = try source.read(into: piece)
          if count == 0 { break }
          head.append(contentsOf: piece[..<count])
        }
      } catch {
        source = PrefixedSource(prefix: head, rest: DamagedSource(damage: error))
        return
      }
      source = PrefixedSource(prefix: head, rest: source)
      if GzipDecompressor.recognizes(head) {
        source = GzipDecompressor(source: source)
        isCompressed = true
      } else if ZstdDecompressor.recognizes(head) {
        source = ZstdDecompressor(source: source)
        isCompressed = true
      } else {
        return
      }
    }
  }
}

/// The end of a source whose damage was found while looking ahead.
private final class DamagedSource: ByteSource {
  private let damage: InputDamage

  init(damage: InputDamage) {
    self.damage = damage
  }

  func read(into buffer: UnsafeMutableBufferPointer<UInt8>) throws(InputDamage) -> Int {
    throw damage
  }
}
