public import InsightsModel

/// A report for people: what formats other than tables of rows are made from.
///
/// It says what there is to read, not how it looks; `DocumentFormat` knows how to write it.
public struct Document: Sendable {
  /// A piece of a document.
  public enum Block: Sendable {
    /// A title; level 1 is the document's own, level 2 a part of it.
    case heading(level: Int, text: String)
    case paragraph(String)
    /// Sentences, each of its own, under a title.
    case list(title: String, items: [String])
    /// Names and values, a line each.
    case facts([Fact])
    case table(ResultTable)
    /// Log lines under a title.
    case log(title: String, lines: [LogLine])
  }

  public typealias Fact = Report.Fact

  /// A log event; its text may have several lines.
  public struct LogLine: Sendable {
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
