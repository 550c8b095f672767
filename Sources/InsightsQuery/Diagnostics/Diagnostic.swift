/// A message about a query: an error that stops it, or a warning.
public struct Diagnostic: Hashable, Sendable {
  /// An error stops the query, a warning does not.
  public enum Severity: String, Sendable { case error, warning }

  /// Whether the query can still run.
  public var severity: Severity
  /// A stable name such as `unknown-function`, never reused; the wording of `message` may change.
  public var id: String
  /// One lower-case sentence without a full stop.
  public var message: String
  /// The bytes of the query that it points at.
  public var span: SourceSpan
  /// Rules of the language that explain the message.
  public var notes: [String]
  /// Next steps, best first.
  public var help: [String]
  /// The most likely intended text, which editors can insert; `nil` if it is not known.
  public var fix: Fix?

  /// A replacement in the query's text.
  public struct Fix: Hashable, Sendable {
    /// The bytes that are replaced.
    public var span: SourceSpan
    /// The text to insert instead.
    public var text: String
  }

  /// Makes a diagnostic.
  public init(
    _ severity: Severity, _ id: String, _ message: String, at span: SourceSpan,
    notes: [String] = [], help: [String] = [], fix: String? = nil
  ) {
    self.severity = severity
    self.id = id
    self.message = message
    self.span = span
    self.notes = notes
    self.help = help
    self.fix = fix.map { Fix(span: span, text: $0) }
  }

  /// Whether it reports an unknown name, which may be the consequence of another error.
  public var isAboutNames: Bool {
    ["unknown-field", "absent-field", "field-outside-aggregate"].contains(id)
  }
}

/// A query that does not compile, with all its diagnostics.
public struct QueryError: Error, Sendable {
  /// The query, to which the diagnostics' spans refer.
  public var source: SourceText
  /// At least one error; warnings may be among them.
  public var diagnostics: [Diagnostic]

  /// Makes an error.
  public init(source: SourceText, diagnostics: [Diagnostic]) {
    self.source = source
    self.diagnostics = diagnostics
  }
}
