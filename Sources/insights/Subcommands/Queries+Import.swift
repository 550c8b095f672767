internal import ArgumentParser
internal import Glibc
internal import InsightsEngine
internal import InsightsModel
internal import InsightsOutput

extension Queries {
  /// `insights queries import`: imports the saved queries of an AWS account.
  struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make .insights files of the saved queries of an AWS account.",
      usage: "insights queries import <file> [<options>]",
      discussion: """
        Reads what 'aws logs describe-query-definitions' prints. Files that are there already and differ are kept unless --overwrite is given.

        Examples:
          aws logs describe-query-definitions | insights queries import -
          insights queries import definitions.json --queries team/Queries
        """)

    @Argument(
      help: ArgumentHelp("The reply, as JSON; '-' reads standard input.", valueName: "file"))
    var file: String

    @Option(
      name: .customLong("queries"),
      help: ArgumentHelp(
        "The folder that the files are written to. Default: ./Queries.", valueName: "folder"),
      completion: .directory)
    var folder = "Queries"

    @Flag(help: "Replace files that are there already.")
    var overwrite = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var messages: MessageOptions

    /// Twice the size of a thousand queries of maximum length, which is the limit of an account.
    private static let byteLimit = 64 << 20

    func run() throws {
      let reporter = messages.reporter
      try reporting(to: reporter) {
        let text =
          file == "-"
          ? TextFile.readStandardInput(byteLimit: Self.byteLimit)
          : TextFile.read(file, byteLimit: Self.byteLimit)
        guard let text else { throw Failure(.noInput, "'\(file)' cannot be read") }
        guard let definitions = QueryDefinition.definitions(inReply: text) else {
          throw Failure(
            .data, "'\(file)' is no reply of describe-query-definitions",
            help: ["make one: aws logs describe-query-definitions > definitions.json"])
        }
        var taken: Set<String> = []
        let rows = try definitions.map { definition -> [Value] in
          let (name, outcome) = try write(definition, taken: &taken, reporter: reporter)
          return [.text(definition.name), name.map { .text($0) } ?? .null, .text(outcome)]
        }
        let columns = ["name", "file", "outcome"].map { ResultColumn(name: $0, type: .text) }
        try output.write(color: messages.color) { formatter, buffer in
          try formatter.write(ResultTable(columns: columns, rows: rows), to: &buffer)
        }
        return .success
      }
    }

    /// Writes one file; returns its path and the outcome.
    private func write(
      _ definition: QueryDefinition, taken: inout Set<String>, reporter: Reporter
    ) throws -> (path: String?, outcome: String) {
      if let language = definition.language, language != "CWLI" {
        reporter.warning("'\(definition.name)' is left out: it is written in \(language)")
        return (nil, "left out")
      }
      guard let name = definition.fileName else {
        reporter.warning("'\(definition.name)' is left out: no file can be called so")
        return (nil, "left out")
      }
      let path = "\(folder)/\(name).insights"
      // Two names may become the same file name.
      guard taken.insert(name).inserted else {
        reporter.warning("'\(definition.name)' is left out: another query has its file '\(path)'")
        return (path, "left out")
      }
      let text = definition.fileText
      if let present = TextFile.read(path) {
        if present == text { return (path, "unchanged") }
        guard overwrite else {
          reporter.warning("'\(path)' is kept: it differs", help: ["replace it: --overwrite"])
          return (path, "kept")
        }
      }
      try makeFolders(of: path)
      try OutputFile.write(to: path, color: .never) { _, buffer in buffer.append(text) }
      return (path, "written")
    }

    /// Creates the missing folders of a path.
    private func makeFolders(of path: String) throws {
      for index in path.indices where path[index] == "/" && index > path.startIndex {
        let folder = String(path[..<index])
        guard mkdir(folder, 0o755) == 0 || errno == EEXIST else {
          throw Failure(
            .cannotCreate, "cannot create folder '\(folder)': \(String(cString: strerror(errno)))")
        }
      }
    }
  }
}
