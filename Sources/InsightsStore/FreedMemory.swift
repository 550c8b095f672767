internal import CMalloc

/// How the C library treats memory that was freed.
public enum FreedMemory {
  /// Has blocks of the size of a segment's text kept for the next ones, instead of given back to the
  /// system, which would clear their pages each time they are taken again.
  public static func keep() { _ = isKept }

  private static let isKept: Bool = {
    let kept = mallopt(M_MMAP_THRESHOLD, 1 << 25)
    return mallopt(M_TRIM_THRESHOLD, 1 << 28) == 1 && kept == 1
  }()
}
