/// A command that is a synonym of another is replaced by it.
enum PlainFormRule: ArrangementRule {
  static func apply(to commands: inout [any Command], of source: SourceText) -> [Diagnostic] {
    commands = commands.map(\.plainForm)
    return []
  }
}
