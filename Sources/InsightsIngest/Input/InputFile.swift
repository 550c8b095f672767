/// One input, decompressed and as UTF-8 text, from its start to its end; memory stays flat.
final class InputFile {
  /// How often compressed data may hold compressed data.
  private static let nestingLimit = 3
  private static let pieceSize = 1 << 20

  /// Where compressed data may be a trap: logs become some ten to thirty times as long.
  private static let leastInflatedByteLimit = 1 << 30
  private static let inflationLimit = 100

  /// `-` is standard input.
  let path: String
  private let inflatedByteLimit: Int?
  private var isCompressed = false
  private var inflatedByteCount = 0
  private let file: FileSource
  private var source: any ByteSource
  private var normalizer = TextNormalizer()
  private var isAtEnd = false
  /// Why the input ended early.
  private(set) var damage: InputDamage?

  /// Opens a file, or standard input for `-`.
  ///
  /// Compressed data is read up to `inflatedByteLimit` bytes; `nil`: 1 GB, or 100 times what was
  /// read of the file, where that is more.
  ///
  /// - Throws: `UnreadableInput`, `StoreError.temporaryFolder`.
  init(path: String, inflatedByteLimit: Int? = nil) throws {
    self.path = path
    self.inflatedByteLimit = inflatedByteLimit
    file = try FileSource(path: path)
    source = file
    openLayers()
  }

  /// Whether the end of the file is one for now only: it is read on when it has grown.
  var isFollowed = false

  /// Whether the text goes on where bytes are added to the file.
  var mayGrow: Bool { !isCompressed && path != "-" }

  /// Goes on reading a followed file; false where it is another one now.
  func resume() -> Bool {
    guard file.goesOn(at: path) else { return false }
    isAtEnd = false
    return true
  }

  /// Bytes of the file read so far, as they are on disk.
  var rawByteCount: Int { file.byteCount }

  var repairs: [String] { normalizer.repairs }

  /// Goes back to the start.
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

  /// Adds the next text, at least `minimum` bytes where the input has them.
  ///
  /// - Returns: false when the input has ended; `damage` says whether before its end.
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

  /// The bytes that the data so far may inflate to.
  private var limit: Int {
    inflatedByteLimit
      ?? max(InputFile.leastInflatedByteLimit, InputFile.inflationLimit * file.byteCount)
  }

  /// Looks at the first bytes, and through every layer of compression that they show.
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

/// The end of a source whose damage was met while looking ahead.
private final class DamagedSource: ByteSource {
  private let damage: InputDamage

  init(damage: InputDamage) {
    self.damage = damage
  }

  func read(into buffer: UnsafeMutableBufferPointer<UInt8>) throws(InputDamage) -> Int {
    throw damage
  }
}
