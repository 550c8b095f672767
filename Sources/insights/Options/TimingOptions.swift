internal import ArgumentParser

/// Options for reporting the duration of stages.
struct TimingOptions: ParsableArguments {
  @Flag(help: "Tell on standard error how long each stage took, and what was read.")
  var timing = false

  /// Reports the stages, if requested.
  func report(_ times: StageTimes, to reporter: Reporter) {
    if timing { reporter.timing(times) }
  }
}
