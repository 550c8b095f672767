/// A command that is another spelling of a plain one becomes that.
enum PlainFormRule: ArrangementRule {
  static func apply(to commands: inout [any Command], of source: SourceText) -> [Diagnostic] {
    commands = commands.map(\.plainForm)
    return []
  }
}
