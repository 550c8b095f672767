/// The registry of all commands.
public enum CommandRegistry {
  /// Every command, in the order of the documentation.
  public static let all: [any Command.Type] = [
    SourceCommand.self,
    FieldsCommand.self,
    DisplayCommand.self,
    FilterCommand.self,
    StatsCommand.self,
    SortCommand.self,
    LimitCommand.self,
    ParseCommand.self,
    DedupCommand.self,
    FilterIndexCommand.self,
    UnmaskCommand.self,
    UnnestCommand.self,
    ExpandCommand.self,
    JSONCommand.self,
    AccumCommand.self,
    AddtotalsCommand.self,
    AutoregressCommand.self,
    CountFrequentCommand.self,
    FilldownCommand.self,
    FillmissingCommand.self,
    SessionizeCommand.self,
    JoinCommand.self,
    AppendcolsCommand.self,
    LookupCommand.self,
    CIDRLookupCommand.self,
    OutlierCommand.self,
    RelevantfieldsCommand.self,
    EstimateCommand.self,
    PatternCommand.self,
    DiffCommand.self,
    LogcompareCommand.self,
    AnomalyCommand.self,
  ]

  /// Every keyword, including aliases, in the order of `all`.
  public static let keywords: [String] = all.flatMap {
    [$0.descriptor.keyword] + $0.descriptor.aliases
  }

  static func command(named keyword: String) -> (any Command.Type)? {
    let keyword = keyword.lowercased()
    return all.first {
      $0.descriptor.keyword == keyword || $0.descriptor.aliases.contains(keyword)
    }
  }
}
