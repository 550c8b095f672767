internal import CZstd

/// Decompresses zstd data: one frame or several concatenated.
final class ZstdDecompressor: ByteSource {
  /// Whether data begins with a frame or a skippable frame, as pzstd and seekable archives do.
  static func recognizes(_ head: [UInt8]) -> Bool {
    head.starts(with: [0x28, 0xB5, 0x2F, 0xFD])
      || (head.count >= 4 && head[0] & 0xF0 == 0x50 && head[1...3] == [0x2A, 0x4D, 0x18])
  }

  private let source: any ByteSource
  private let context: OpaquePointer?
  private let storage = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 256 * 1024)
  private var input: ZSTD_inBuffer
  private var isInsideFrame = false
  private var isAtEnd = false

  init(source: any ByteSource) {
    self.source = source
    context = ZSTD_createDStream()
    input = ZSTD_inBuffer(src: UnsafeRawPointer(storage.baseAddress), size: 0, pos: 0)
  }

  deinit {
    ZSTD_freeDStream(context)
    storage.deallocate()
  }

  func read(into buffer: UnsafeMutableBufferPointer<UInt8>) throws(InputDamage) -> Int {
    guard let context, !isAtEnd else { return 0 }
    while true {
      var output = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
      if input.pos == input.size {
        input.size = try source.read(into: storage)
        input.pos = 0
      }
      let isInputOver = input.size == 0
      if isInputOver, !isInsideFrame { return 0 }
      let code = ZSTD_decompressStream(context, &output, &input)
      if ZSTD_isError(code) != 0 {
        isAtEnd = true
        throw InputDamage(message: "the zstd data is damaged")
      }
      isInsideFrame = code != 0
      if output.pos > 0 { return output.pos }
      if isInputOver, isInsideFrame {
        isAtEnd = true
        throw InputDamage(message: "the zstd data is cut short")
      }
    }
  }
}
