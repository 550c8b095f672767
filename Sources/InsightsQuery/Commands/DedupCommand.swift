/// `dedup` keeps the first event of each combination of values, in the current order (newest first
/// without `sort`); events in which a field is missing are all kept.
public struct DedupCommand: Command {
  public static let descriptor = CommandDescriptor(
    keyword: "dedup", synopsis: "dedup <field>, …",
    summary: "Keeps the first event per combination of values; only 'limit' may follow.",
    examples: ["fields @timestamp, @requestId | sort @timestamp desc | dedup @requestId | limit 20"]
  )

  public static let traits = CommandTraits(.deduplicates, followers: .limits)

  public let span: SourceSpan
  private let names: [Spanned<String>]

  public init?(parsing parser: inout Parser, keyword: Token) {
    guard let names = parser.parseList(of: { $0.parseField("a field") }) else { return nil }
    self.names = names
    span = keyword.span.lowerBound..<parser.previousEnd
  }

  public func bind(in binder: inout Binder) {
    let columns = names.compactMap { binder.lookUpSingleValue($0, for: "dedup") }
    guard columns.count == names.count else { return }
    binder.deduplicate(by: columns)
  }

  public var description: String {
    "dedup " + names.map { printedName($0.value) }.joined(separator: ", ")
  }
}
