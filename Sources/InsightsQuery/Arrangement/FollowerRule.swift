/// Some commands may be followed only by certain others, or by none.
enum FollowerRule: ArrangementRule {
  static func apply(to commands: inout [any Command], of source: SourceText) -> [Diagnostic] {
    var diagnostics: [Diagnostic] = []
    for (index, earlier) in commands.enumerated() {
      guard let followers = type(of: earlier).traits.followers else { continue }
      for command in commands[(index + 1)...] where !command.has(followers) {
        diagnostics.append(
          Diagnostic(
            .error, "command-after-\(earlier.keyword)",
            followers.contains(.limits)
              ? "only 'limit' may follow '\(earlier.keyword)'"
              : "nothing may follow '\(earlier.keyword)'",
            at: command.span,
            notes: followers.contains(.limits)
              ? ["CloudWatch says: unexpected symbol found \(command.keyword)"] : [],
            help: ["move it before '\(source[earlier.span])'"]))
      }
    }
    return diagnostics
  }
}
