/// The properties of a command that matter to other commands: its effect on the rows, and where it
/// is allowed.
public struct CommandTraits: Sendable {
  /// The effects of a command on the rows.
  struct Effects: OptionSet, Sendable {
    let rawValue: UInt16

    /// Drops rows for which its `condition` is not true.
    static let filters = Effects(rawValue: 1)
    static let sorts = Effects(rawValue: 2)
    static let limits = Effects(rawValue: 4)
    /// Keeps only the results of its `aggregation`.
    static let aggregates = Effects(rawValue: 8)
    /// Drops rows depending on their order.
    static let deduplicates = Effects(rawValue: 16)
    /// Changes the set of rows, so that no later filter can be moved before it.
    static let replacesRows = Effects(rawValue: 32)
    /// Adds rows for periods without one.
    static let fillsPeriods = Effects(rawValue: 64)
    /// Returns patterns instead of events.
    static let findsPatterns = Effects(rawValue: 128)
    /// Its fields replace those with the same name.
    static let replacesFields = Effects(rawValue: 256)
  }

  /// Where in a query a command is allowed.
  enum Placement: Sendable {
    case anywhere
    /// Only at the start of the query.
    case first
    /// Anywhere after a command that finds patterns; without one, `error` is the id of the
    /// diagnostic.
    case behindPatterns(error: String, help: String, notes: [String] = [])
  }

  var effects: Effects = []
  var placement: Placement = .anywhere
  /// The commands that may follow: those with one of these effects; `nil` for all commands.
  var followers: Effects?

  init(_ effects: Effects = [], _ placement: Placement = .anywhere, followers: Effects? = nil) {
    self.effects = effects
    self.placement = placement
    self.followers = followers
  }
}

/// The keys and results of an aggregating command.
public struct Aggregation: Sendable {
  let keys: [Projection]
  let results: [Projection]

  /// The names of the resulting columns, in order: keys, then results.
  var outputNames: [String] { (keys + results).map(\.name) }
}

extension Command {
  func has(_ effect: CommandTraits.Effects) -> Bool {
    !Self.traits.effects.isDisjoint(with: effect)
  }

  var keyword: String { Self.descriptor.keyword }
}
