internal import ArgumentParser

/// Whether to tell where the time went.
struct TimingOptions: ParsableArguments {
  @Flag(help: "Tell on standard error how long each stage took, and what was read.")
  var timing = false

  /// Tells of the stages, where that is wanted.
  func tell(_ times: StageTimes, to reporter: Reporter) {
    if timing { reporter.timing(times) }
  }
}
