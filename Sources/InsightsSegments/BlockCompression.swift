internal import CZstd

/// Compresses blocks: a byte for the method, then the data, uncompressed if zstd gains nothing.
package final class BlockCompressor {
  private static let level: Int32 = 1
  /// The minimum size in bytes for compression.
  private static let leastByteCount = 64

  private let context = ZSTD_createCCtx()

  package init() {}

  deinit {
    ZSTD_freeCCtx(context)
  }

  package func compress(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.count >= BlockCompressor.leastByteCount, let context else {
      return [BlockDecompressor.raw] + bytes
    }
    let capacity = ZSTD_compressBound(bytes.count)
    let block = [UInt8](unsafeUninitializedCapacity: capacity + 1) { block, count in
      block[0] = BlockDecompressor.zstd
      let size = bytes.withUnsafeBytes { bytes in
        ZSTD_compressCCtx(
          context, block.baseAddress.map { $0 + 1 }, capacity, bytes.baseAddress, bytes.count,
          BlockCompressor.level)
      }
      count = ZSTD_isError(size) != 0 ? 0 : size + 1
    }
    // A block that hardly shrinks is faster to read uncompressed.
    return block.isEmpty || block.count > bytes.count - bytes.count / 16
      ? [BlockDecompressor.raw] + bytes : block
  }
}

/// Decompresses blocks of `BlockCompressor`.
package final class BlockDecompressor {
  static let raw: UInt8 = 0
  static let zstd: UInt8 = 1

  /// The maximum decompressed size in bytes; a larger block is treated as damage.
  private static let byteLimit = 1 << 31

  private let context = ZSTD_createDCtx()

  package init() {}

  deinit {
    ZSTD_freeDCtx(context)
  }

  /// Returns the bytes of a block; `nil` if it is damaged.
  package func decompress(_ block: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    guard let method = block.first else { return nil }
    let data = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(block)[1...])
    if method == BlockDecompressor.raw { return Array(data) }
    guard method == BlockDecompressor.zstd, let context else { return nil }
    let size = ZSTD_getFrameContentSize(data.baseAddress, data.count)
    guard size <= UInt64(BlockDecompressor.byteLimit) else { return nil }
    var isWhole = false
    let bytes = [UInt8](unsafeUninitializedCapacity: Int(size)) { bytes, count in
      let written = ZSTD_decompressDCtx(
        context, bytes.baseAddress, bytes.count, data.baseAddress, data.count)
      isWhole = ZSTD_isError(written) == 0 && written == Int(size)
      count = isWhole ? written : 0
    }
    return isWhole ? bytes : nil
  }
}
