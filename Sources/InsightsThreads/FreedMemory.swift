internal import CMalloc

/// How the C library handles freed memory.
public enum FreedMemory {
  /// Keeps freed blocks of the size of a segment's text for reuse, instead of returning them to the
  /// system, which would clear their pages on each allocation.
  public static func keep() { _ = isKept }

  private static let isKept: Bool = {
    let kept = mallopt(M_MMAP_THRESHOLD, 1 << 25)
    return mallopt(M_TRIM_THRESHOLD, 1 << 28) == 1 && kept == 1
  }()

  /// Returns freed memory to the system.
  ///
  /// For programs that run for hours: what is kept lies between freed blocks of many sizes, so that
  /// new blocks would make the program ever larger. Takes some milliseconds for 100 MB.
  public static func release() { malloc_trim(0) }
}
