internal import InsightsText

/// The phrases of the kernel, Lambda and the languages for exhausted memory.
enum OutOfMemory {
  /// Phrases of the kernel, for any language.
  private static let phrases: [StaticString] =
    [
      "Cannot allocate memory", "cannot allocate memory", "ENOMEM", AWSMessages.Platform.killed,
    ] + Runtimes.all.flatMap { $0.outOfMemoryPhrases }
  private static let types =
    [AWSMessages.ErrorType.outOfMemory] + Runtimes.all.flatMap { $0.outOfMemoryTypes }
  private static let lastWords = Runtimes.all.flatMap { $0.lastWords }
  private static let firstBytes = ByteSet(lastWords.map { $0.beginning.utf8Start.pointee })

  static func isType(_ type: String) -> Bool {
    // Whole words only: `OutOfMemoryErrorHandler` must not match.
    types.contains { known in
      type.hasSuffix(known)
        && (type.utf8.count == known.utf8.count || type.dropLast(known.count).last == ".")
    }
  }

  static func appears(in text: String) -> Bool {
    var text = text
    return text.withUTF8 { bytes in phrases.contains { bytes.firstOffset(of: $0) != nil } }
  }

  /// Whether a crash line says so: the last words of a process, not a traceback.
  static func isCrashLine(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let first = bytes.first, firstBytes.contains(first) else { return false }
    return lastWords.contains { known in
      bytes.holds(known.beginning, at: 0)
        && (known.words.isEmpty || known.words.contains { bytes.firstOffset(of: $0) != nil })
    }
  }
}
