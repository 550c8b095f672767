internal import InsightsText

/// Renders diagnostics as text, with carets below the affected words.
///
/// ```text
/// error: unknown function 'strlne'
///  --> query:2:10
///   |
/// 2 | | filter strlne(@message) > 200
///   |          ^^^^^^
///   = help: a function with a similar name exists: 'strlen'
/// ```
public struct DiagnosticRenderer: Sendable {
  /// The maximum number of errors shown; the rest is counted.
  public static let errorLimit = 10

  private let usesColor: Bool

  /// With `usesColor`, output contains terminal escape sequences.
  public init(usesColor: Bool = false) {
    self.usesColor = usesColor
  }

  /// Renders the first `errorLimit` diagnostics in the order of the query, and the number of
  /// others.
  public func render(_ diagnostics: [Diagnostic], of source: SourceText) -> String {
    let sorted = diagnostics.sorted { $0.span.lowerBound < $1.span.lowerBound }
    var text = sorted.prefix(Self.errorLimit).map { render($0, of: source) }.joined(separator: "\n")
    if sorted.count > Self.errorLimit {
      text += "\nnote: \(sorted.count - Self.errorLimit) more messages are not shown\n"
    }
    return text
  }

  /// Renders one diagnostic: its message, the affected line, and the next step.
  public func render(_ diagnostic: Diagnostic, of source: SourceText) -> String {
    let (line, column) = source.location(of: diagnostic.span.lowerBound)
    let lineSpan = source.span(ofLine: line)
    let span = diagnostic.span.clamped(to: lineSpan)
    let before = shortened(source[lineSpan.lowerBound..<span.lowerBound], keepingEnd: true)
    let marked = shortened(source[span])
    let after = shortened(source[span.upperBound..<lineSpan.upperBound])
    let carets = String(repeating: "^", count: max(1, DisplayWidth.columns(of: marked)))
    let indent = String(repeating: " ", count: DisplayWidth.columns(of: before))
    let number = String(line)
    let margin = String(repeating: " ", count: number.count)

    let severity = diagnostic.severity.rawValue
    let color = diagnostic.severity == .error ? "31" : "33"
    var lines = [
      "\(styled(severity, "1;\(color)")): \(styled(shortened(diagnostic.message, to: 400), "1"))",
      "\(margin)\(dim("-->")) \(shortened(source.name, to: 400)):\(line):\(column)",
      "\(margin) \(dim("|"))",
      "\(number) \(dim("|")) \(before)\(marked)\(after)",
      "\(margin) \(dim("|")) \(indent)\(styled(carets, color))",
    ]
    lines += diagnostic.notes.map { "\(margin) \(dim("=")) note: \(shortened($0, to: 400))" }
    lines += diagnostic.help.map { "\(margin) \(dim("=")) help: \(shortened($0, to: 400))" }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Makes text safe to show: tabs would shift the carets, other control characters could
  /// manipulate a terminal, and a query may be one line of ten thousand characters.
  private func shortened(
    _ text: String, to limit: Int = 100, keepingEnd: Bool = false
  ) -> String {
    let isLong = text.unicodeScalars.count > limit
    let kept =
      keepingEnd
      ? String(text.unicodeScalars.suffix(limit)) : String(text.unicodeScalars.prefix(limit))
    let printable = String(
      String.UnicodeScalarView(
        kept.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
    return isLong ? keepingEnd ? "…\(printable)" : "\(printable)…" : printable
  }

  private func dim(_ text: String) -> String { styled(text, "2") }

  private func styled(_ text: String, _ code: String) -> String {
    usesColor ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
