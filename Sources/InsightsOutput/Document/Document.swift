/// A report for people: what formats other than tables of rows are made from.
///
/// It says what there is to read, not how it looks; `DocumentFormat` knows how to write it.
public struct Document: Equatable, Sendable {
  /// A piece of a document.
  public enum Block: Equatable, Sendable {
    /// A title; level 1 is the document's own, level 2 a part of it.
    case heading(level: Int, text: String)
    case paragraph(String)
    /// Sentences, each of its own, under a title.
    case list(title: String, items: [String])
    /// Names and values, a line each.
    case facts([Fact])
    /// What was found, the most urgent first.
    case findings([Finding])
    /// Log lines under a title.
    case log(title: String, lines: [LogLine])
  }

  public typealias Fact = Report.Fact

  /// A line of an overview of findings.
  public struct Finding: Equatable, Sendable {
    public var number: Int
    /// The HTTP status that callers got.
    public var status: Int
    public var title: String
    /// How many there are, whom they concern and when, a few words each.
    public var facts: [String]
    /// What shows it; `nil` where the overview is followed by the whole.
    public var evidence: String?
    /// What to change; for pages that tell no more of it.
    public var advice: String?
    /// The part of the document that has the whole: its `heading` of level 2, counted from 1.
    public var section: Int?

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

    /// Whether it is the service's fault, not the caller's.
    var isOfServer: Bool { status >= 500 }
  }

  /// A log event; its text may have several lines.
  public struct LogLine: Equatable, Sendable {
    /// What stands in front: a time or an offset; may be empty.
    public var label: String
    public var text: String
    /// How many lines are left out in front of it.
    public var omittedCount: Int

    public init(label: String, text: String, omittedCount: Int = 0) {
      self.label = label
      self.text = text
      self.omittedCount = omittedCount
    }
  }

  /// The title of the page that holds it.
  public var title: String
  public var blocks: [Block]

  public init(title: String, blocks: [Block] = []) {
    self.title = title
    self.blocks = blocks
  }
}

extension Document.LogLine {
  /// What is left out in front of it, in words.
  var omission: String { omittedCount == 1 ? "1 more line" : "\(omittedCount.grouped) more lines" }
}
