/// A command of the language: its syntax, and how it becomes plan nodes.
///
/// One file each.
public protocol Command: Sendable, CustomStringConvertible {
  static var descriptor: CommandDescriptor { get }

  /// Where the command stands in the query, its keyword included.
  var span: SourceSpan { get }

  /// Whether the rows behind the command are others than before it, so that no `filter` behind it
  /// can be carried out before it.
  static var givesOtherRows: Bool { get }

  /// The names that the command adds to the scope, as far as its text shows them.
  var definedNames: [String] { get }

  /// The expressions that it was written with.
  var expressions: [Expression] { get }

  /// The regexes that it was written with, beside those in its expressions.
  var regexes: [Spanned<String>] { get }

  /// The queries that it holds, beside those in its expressions.
  var subqueries: [QuerySyntax] { get }

  /// Parses what follows the keyword, up to the next `|`; `nil` after reporting why it cannot be read.
  init?(parsing parser: inout Parser, keyword: Token)

  /// Adds the command to the plan; reports what is wrong and leaves the plan sound.
  func bind(in binder: inout Binder)

  // `description` is the command in canonical form.
}

extension Command {
  public static var givesOtherRows: Bool { false }
  public var definedNames: [String] { [] }
  public var expressions: [Expression] { [] }
  public var regexes: [Spanned<String>] { [] }
  public var subqueries: [QuerySyntax] { [] }
}

/// What help, completion and documentation tell of a command.
public struct CommandDescriptor: Sendable {
  /// In lower case; keywords are read in any case.
  public var keyword: String
  /// Other keywords for the same command.
  public var aliases: [String]
  /// The shape, as in `limit <count>`.
  public var synopsis: String
  /// One sentence.
  public var summary: String
  /// Whole queries.
  public var examples: [String]

  init(
    keyword: String, aliases: [String] = [], synopsis: String, summary: String, examples: [String]
  ) {
    self.keyword = keyword
    self.aliases = aliases
    self.synopsis = synopsis
    self.summary = summary
    self.examples = examples
  }
}
