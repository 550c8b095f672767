/// A `sort` must not precede the command that finds patterns; commands that need patterns must
/// follow it.
enum PatternPlacementRule: ArrangementRule {
  static func apply(to commands: inout [any Command], of source: SourceText) -> [Diagnostic] {
    let first = commands.firstIndex { $0.has(.findsPatterns) }
    return commands.enumerated().compactMap { index, command in
      if let first, index < first, command.has(.sorts) {
        return Diagnostic(
          .error, "sort-before-pattern", "'sort' stands before 'pattern'", at: command.span,
          notes: ["patterns have no order of events"],
          help: ["move it behind 'pattern', as in: pattern @message | sort @sampleCount desc"])
      }
      if case .behindPatterns(let id, let help, let notes) = type(of: command).traits.placement,
        first.map({ $0 > index }) ?? true
      {
        return Diagnostic(
          .error, id, "'\(command.keyword)' has no 'pattern' before it", at: command.span,
          notes: notes, help: [help])
      }
      return nil
    }
  }
}
