/// A command of the language: its syntax, and its conversion to plan nodes.
///
/// One file each.
public protocol Command: Sendable, CustomStringConvertible {
  static var descriptor: CommandDescriptor { get }

  /// The span of the command in the query, including its keyword.
  var span: SourceSpan { get }

  /// The effect on rows, and where the command is allowed.
  static var traits: CommandTraits { get }

  /// The equivalent command without synonyms.
  var plainForm: any Command { get }

  /// The condition of a filtering command.
  var condition: Expression? { get }

  /// The keys and results of an aggregating command; `nil` for others.
  var aggregation: Aggregation? { get }

  /// The fields of a sorting command.
  var sortKeys: [SortCommand.Key] { get }

  /// The fields that the command shows, with their expressions.
  var projections: [Projection] { get }

  /// The list that an unnesting command expands.
  var unnestedList: Spanned<String>? { get }

  /// The field whose index the command requires.
  var indexedField: String? { get }

  /// The source of the query, if the command defines it.
  var source: SourceCommand? { get }

  /// The names that the command adds to the scope, as far as its text contains them.
  var definedNames: [String] { get }

  /// The expressions in the command's text.
  var expressions: [Expression] { get }

  /// The regexes in the command's text, other than those in its expressions.
  var regexes: [Spanned<String>] { get }

  /// The nested queries in the command's text, other than those in its expressions.
  var subqueries: [QuerySyntax] { get }

  /// Parses the text after the keyword, up to the next `|`; `nil` after reporting an error.
  init?(parsing parser: inout Parser, keyword: Token)

  /// Adds the command to the plan; after reporting an error the plan stays valid.
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

/// The description of a command for help, completion and documentation.
public struct CommandDescriptor: Sendable {
  /// The keyword in lower case; keywords are matched ignoring case.
  public var keyword: String
  /// Other keywords for the same command.
  public var aliases: [String]
  /// The syntax, as in `limit <count>`.
  public var synopsis: String
  /// One sentence.
  public var summary: String
  /// Complete queries.
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
