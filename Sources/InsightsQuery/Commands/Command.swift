/// A command of the language: its syntax, and how it becomes plan nodes.
///
/// One file each.
public protocol Command: Sendable, CustomStringConvertible {
  static var descriptor: CommandDescriptor { get }

  /// Where the command stands in the query, its keyword included.
  var span: SourceSpan { get }

  /// What the command does to the rows, and where it may stand.
  static var traits: CommandTraits { get }

  /// The command that does the same in its plain form.
  var plainForm: any Command { get }

  /// The condition of one that filters.
  var condition: Expression? { get }

  /// What one computes that aggregates.
  var aggregation: Aggregation? { get }

  /// The fields that one sorts by.
  var sortKeys: [SortCommand.Key] { get }

  /// The fields that the command shows, with what they are computed from.
  var projections: [Projection] { get }

  /// The list of which one makes rows.
  var unnestedList: Spanned<String>? { get }

  /// The field by whose index one finds rows.
  var indexedField: String? { get }

  /// What the query reads, where the command says that.
  var source: SourceCommand? { get }

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
  public static var traits: CommandTraits { CommandTraits() }
  public var plainForm: any Command { self }
  public var condition: Expression? { nil }
  public var aggregation: Aggregation? { nil }
  public var sortKeys: [SortCommand.Key] { [] }
  public var projections: [Projection] { [] }
  public var unnestedList: Spanned<String>? { nil }
  public var indexedField: String? { nil }
  public var source: SourceCommand? { nil }
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
