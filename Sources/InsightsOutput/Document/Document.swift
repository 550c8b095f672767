/// A report for reading, the source of all formats other than tables of rows.
///
/// It contains content without layout; `DocumentFormat` writes it.
public struct Document: Equatable, Sendable {
  /// A piece of a document.
  public enum Block: Equatable, Sendable {
    /// A heading; level 1 is the document's title, level 2 a section.
    case heading(level: Int, text: String)
    case paragraph(String)
    /// Independent sentences under a title.
    case list(title: String, items: [String])
    /// Names and values, one pair per line.
    case facts([Fact])
    /// Findings, most urgent first.
    case findings([Finding])
    /// Log lines under a title.
    case log(title: String, lines: [LogLine])
  }

  /// A name and a value.
  public typealias Fact = Report.Fact

  /// An entry in an overview of findings.
  public struct Finding: Equatable, Sendable {
    /// The number of the finding, from 1.
    public var number: Int
    /// The HTTP status that callers received.
    public var status: Int
    /// The cause in a few words.
    public var title: String
    /// Short facts: how many faults there are, whom they affected and when.
    public var facts: [String]
    /// The evidence; `nil` if the overview is followed by full sections.
    public var evidence: String?
    /// Advice on what to change, for pages without full sections.
    public var advice: String?
    /// The section with all details: the index of its level 2 heading, from 1.
    public var section: Int?

    /// Makes an entry; `evidence` and `advice` are for pages without full sections.
    public init(
      number: Int, status: Int, title: String, facts: [String], evidence: String? = nil,
      advice: String? = nil, section: Int? = nil
    ) {
      self.number = number
      self.status = status
      self.title = title
      self.facts = facts
      self.evidence = evidence
      self.advice = advice
      self.section = section
    }

    /// Whether the service is at fault, rather than the caller.
    var isOfServer: Bool { status >= 500 }
  }

  /// A log event; its text may have several lines.
  public struct LogLine: Equatable, Sendable {
    /// The prefix: a time or an offset; may be empty.
    public var label: String
    /// The text of the event.
    public var text: String
    /// The number of lines omitted before it.
    public var omittedCount: Int

    /// Makes a line of a log excerpt.
    public init(label: String, text: String, omittedCount: Int = 0) {
      self.label = label
      self.text = text
      self.omittedCount = omittedCount
    }
  }

  /// The title of the page.
  public var title: String
  /// The content, from top to bottom.
  public var blocks: [Block]

  /// Makes a document.
  public init(title: String, blocks: [Block] = []) {
    self.title = title
    self.blocks = blocks
  }
}

extension Document.LogLine {
  /// The omission before the line, in words.
  var omission: String { omittedCount == 1 ? "1 more line" : "\(omittedCount.grouped) more lines" }
}
