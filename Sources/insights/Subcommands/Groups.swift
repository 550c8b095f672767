internal import ArgumentParser
internal import InsightsEngine

/// `insights groups`: lists the log groups of a store.
struct Groups: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the log groups, their numbers of events, and the times of the first and last.",
    usage: "insights groups [<options>]")

  @OptionGroup var listing: ListingOptions

  func run() throws {
    try listing.run { try $0.logGroups(options: $1, into: $2) }
  }
}
