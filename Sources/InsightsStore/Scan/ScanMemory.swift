internal import CZstd

/// How the C library keeps the memory that scans free and take again, segment after segment.
enum ScanMemory {
  /// Made once: blocks of the size of a segment's text are kept instead of given back to the system,
  /// which would clear them each time they are taken again.
  static let isKept: Bool = {
    let kept = mallopt(M_MMAP_THRESHOLD, 32 << 20)
    return mallopt(M_TRIM_THRESHOLD, 128 << 20) == 1 && kept == 1
  }()
}
