internal import ArgumentParser
internal import InsightsEngine

/// `insights streams`: lists the log streams of a store.
struct Streams: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the log streams, their numbers of events, and the times of the first and last.",
    usage: "insights streams [<options>]")

  @OptionGroup var listing: ListingOptions

  func run() throws {
    try listing.run { try $0.logStreams(options: $1, into: $2) }
  }
}
