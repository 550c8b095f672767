/// One input, decompressed and as UTF-8 text, from its start to its end; memory stays flat.
final class InputFile {
  /// How often compressed data may hold compressed data.
  private static let nestingLimit = 3
  private static let pieceSize = 1 << 20

  /// `-` is standard input.
  let path: String
  private let file: FileSource
  private var source: any ByteSource
  private var normalizer = TextNormalizer()
  private let piece: UnsafeMutableBufferPointer<UInt8>
  private var isAtEnd = false
  /// Why the input ended early.
  private(set) var damage: InputDamage?

  /// Opens a file, or standard input for `-`; fails with `errno` set.
  init?(path: String) {
    self.path = path
    guard let file = FileSource(path: path) else { return nil }
    self.file = file
    source = file
    piece = .allocate(capacity: InputFile.pieceSize)
    openLayers()
  }

  deinit {
    piece.deallocate()
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
    openLayers()
  }

  /// Appends the next text, at least `minimum` bytes where the input has them.
  ///
  /// - Returns: false when the input has ended; `damage` says whether before its end.
  func read(atLeast minimum: Int, into text: inout [UInt8]) -> Bool {
    let goal = text.count + max(minimum, 1)
    while !isAtEnd, text.count < goal {
      var count = 0
      do throws(InputDamage) {
        count = try source.read(into: piece)
      } catch {
        damage = error
      }
      isAtEnd = count == 0
      normalizer.append(UnsafeBufferPointer(rebasing: piece[..<count]), to: &text)
    }
    return !isAtEnd
  }

  /// Looks at the first bytes, and through every layer of compression that they show.
  private func openLayers() {
    for _ in 0...InputFile.nestingLimit {
      var head: [UInt8] = []
      do throws(InputDamage) {
        while head.count < 4 {
          let count = try source.read(into: UnsafeMutableBufferPointer(rebasing: piece[..<4096]))
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
      } else if ZstdDecompressor.recognizes(head) {
        source = ZstdDecompressor(source: source)
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
