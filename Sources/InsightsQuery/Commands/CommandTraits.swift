/// What a command does to the rows and where it may stand, as far as other commands are concerned.
public struct CommandTraits: Sendable {
  /// What a command does to the rows.
  struct Effects: OptionSet, Sendable {
    let rawValue: UInt16

    /// Leaves out rows for which its `condition` is not true.
    static let filters = Effects(rawValue: 1)
    static let sorts = Effects(rawValue: 2)
    static let limits = Effects(rawValue: 4)
    /// Leaves only the results of its `aggregation`.
    static let aggregates = Effects(rawValue: 8)
    /// Leaves out rows by the order that they have.
    static let deduplicates = Effects(rawValue: 16)
    /// Gives other rows than before it, so that no filter behind it can be carried out before it.
    static let replacesRows = Effects(rawValue: 32)
    /// Adds rows for periods without one.
    static let fillsPeriods = Effects(rawValue: 64)
    /// Gives patterns instead of events.
    static let findsPatterns = Effects(rawValue: 128)
    /// The fields that it defines take the place of those of the same name.
    static let replacesFields = Effects(rawValue: 256)
  }

  /// Where a command may stand.
  enum Placement: Sendable {
    case anywhere
    /// Only at the start of the query.
    case first
    /// Somewhere behind a command that finds patterns; without one, `error` says what is wrong.
    case behindPatterns(error: String, help: String, notes: [String] = [])
  }

  var effects: Effects = []
  var placement: Placement = .anywhere
  /// What may follow: commands with one of these effects; `nil` for all.
  var followers: Effects?

  init(_ effects: Effects = [], _ placement: Placement = .anywhere, followers: Effects? = nil) {
    self.effects = effects
    self.placement = placement
    self.followers = followers
  }
}

/// What a command that aggregates computes.
public struct Aggregation: Sendable {
  let keys: [Projection]
  let results: [Projection]

  /// The columns that remain, in order: keys, then results.
  var outputNames: [String] { (keys + results).map(\.name) }
}

extension Command {
  func has(_ effect: CommandTraits.Effects) -> Bool {
    !Self.traits.effects.isDisjoint(with: effect)
  }

  var keyword: String { Self.descriptor.keyword }
}
