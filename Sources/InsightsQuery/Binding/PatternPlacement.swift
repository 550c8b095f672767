/// What may stand before and behind `pattern`.
enum PatternPlacement {
  static func check(_ commands: [any Command]) -> [Diagnostic] {
    var diagnostics: [Diagnostic] = []
    let first = commands.firstIndex { $0 is PatternCommand }
    for (index, command) in commands.enumerated() {
      switch command {
      case is SortCommand where first.map { index < $0 } ?? false:
        diagnostics.append(
          Diagnostic(
            .error, "sort-before-pattern", "'sort' stands before 'pattern'", at: command.span,
            notes: ["patterns have no order of events"],
            help: ["move it behind 'pattern', as in: pattern @message | sort @sampleCount desc"]))
      case is DiffCommand where first.map { $0 > index } ?? true:
        diagnostics.append(
          Diagnostic(
            .error, "diff-without-pattern", "'diff' has no 'pattern' before it", at: command.span,
            notes: [
              "CloudWatch says: Diff compilation Failed : Diff operation has to be used after Pattern"
            ], help: ["write: pattern @message | diff"]))
      case is AnomalyCommand where first.map { $0 > index } ?? true:
        diagnostics.append(
          Diagnostic(
            .error, "anomaly-without-pattern", "'anomaly' has no 'pattern' before it",
            at: command.span, help: ["write: pattern @message | anomaly"]))
      default: break
      }
    }
    return diagnostics
  }
}
