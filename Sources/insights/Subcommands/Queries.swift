internal import ArgumentParser
internal import InsightsEngine
internal import InsightsModel
internal import InsightsOutput

/// `insights queries`: manages the saved queries.
struct Queries: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the saved queries, show one, or exchange them with AWS.",
    subcommands: [List.self, Show.self, Export.self, Import.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the saved queries.", usage: "insights queries list [<options>]")

    @OptionGroup var pack: PackOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var messages: MessageOptions

    func run() throws {
      try reporting(to: messages.reporter) {
        let rows = pack.load().queries.map { query -> [Value] in
          [
            .text(query.name), (query.description ?? query.title).map { .text($0) } ?? .null,
            .text(
              query.parameters.map { parameter in
                parameter.name + (parameter.defaultValue.map { "=\($0)" } ?? "")
              }.joined(separator: " ")),
          ]
        }
        let columns = ["name", "description", "parameters"].map {
          ResultColumn(name: $0, type: .text)
        }
        try output.write(color: messages.color) { formatter, buffer in
          try formatter.write(ResultTable(columns: columns, rows: rows), to: &buffer)
        }
        return .success
      }
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print a saved query, ready to paste into the AWS console.",
      usage: "insights queries show <name> [<options>]")

    @Argument(help: "The query's name, such as lambda/errors.", completion: .savedQueries)
    var name: String

    @OptionGroup var pack: PackOptions
    @OptionGroup var messages: MessageOptions

    func run() throws {
      try reporting(to: messages.reporter) {
        let pack = self.pack.load()
        guard let query = pack.queries(named: name).first, query.name == name else {
          let similar = pack.namesSimilar(to: name)
          throw Failure(
            .noInput, "there is no saved query '\(name)'",
            help: similar.isEmpty ? ["list them: insights queries"] : ["did you mean \(similar)?"])
        }
        var buffer = OutputBuffer(fileDescriptor: 1)
        buffer.append(query.text.hasSuffix("\n") ? query.text : query.text + "\n")
        try buffer.flush()
        return .success
      }
    }
  }
}
