import Foundation
import InsightsQuery
import InsightsTestSupport
import Testing

@Suite("reference of the language")
struct LanguageDocumentTests {
  @Test("Documentation/Commands.md is made of the commands' own descriptions")
  func commands() throws {
    var text = """
      <!-- Generated from the commands by `make golden`; do not edit. -->

      # Commands

      A query is a chain of commands with `|` between them. Keywords are read in any case. In the shapes, `[…]` may
      be left out, `…` repeats what is before it, and `<…>` stands for a thing of your own.
      [Language.md](Language.md) tells what expressions are and in what order commands are carried out.

      """
    for descriptor in CommandRegistry.all.map({ $0.descriptor }) {
      let name = descriptor.synopsis.prefix { $0 != " " }
      let aliases = descriptor.aliases.map { "`\($0)`" }.joined(separator: ", ")
      text += """

        ## \(name)

        ```text
        \(descriptor.synopsis.replacing(" | \(name)", with: "\n\(name)"))
        ```

        \(descriptor.summary)\(aliases.isEmpty ? "" : " Other keywords: \(aliases).")

        """
      for example in descriptor.examples {
        text += """

          ```insights
          \(example.replacing(" | ", with: "\n| "))
          ```

          """
      }
    }
    try expect("Documentation/Commands.md", holds: text)
  }

  @Test("Documentation/Functions.md is made of the functions' own descriptions")
  func functions() throws {
    var text = """
      <!-- Generated from the functions by `make golden`; do not edit. -->

      # Functions

      Names are read in any case. A missing argument makes the result missing, unless the function says otherwise.
      Every example runs as a test: `insights functions pct` prints those of a function as whole queries. Aggregates
      stand in `stats`; their examples are over a single event, `one event`, of 2023-01-02 03:04:05, when the query starts too.
      [Language.md](Language.md) tells what was decided where AWS is silent.

      """
    for group in FunctionRegistry.groups {
      text +=
        "\n## \(group.heading)\n\n| function | what it gives | examples |\n| --- | --- | --- |\n"
      for function in group.functions {
        let aliases = function.aliases.map(Self.code).joined(separator: ", ")
        let examples = function.examples.map { example in
          let result = example.result.isEmpty ? "missing" : Self.code(example.result)
          return "\(Self.code(example.call)) is \(result)"
        }
        text +=
          "| \(Self.code(function.signature))\(aliases.isEmpty ? "" : ", also \(aliases)") "
          + "| \(function.summary.replacing("|", with: "\\|")) "
          + "| \(examples.joined(separator: "<br>")) |\n"
      }
    }
    try expect("Documentation/Functions.md", holds: text)
  }

  @Test("every command and function has an example")
  func examples() {
    for descriptor in CommandRegistry.all.map({ $0.descriptor }) {
      #expect(!descriptor.examples.isEmpty, "\(descriptor.keyword)")
    }
    for function in FunctionRegistry.all {
      #expect(!function.examples.isEmpty, "\(function.name)")
    }
  }

  /// Code in the cell of a table.
  private static func code(_ text: String) -> String {
    let fence = text.contains("`") ? "``" : "`"
    return fence + text.replacing("|", with: "\\|") + fence
  }

  private func expect(_ path: String, holds text: String) throws {
    let isUpToDate = (try? Repository.text(of: path)) == text
    if !isUpToDate, Repository.isRecording {
      try Data(text.utf8).write(to: Repository.url(path))
    }
    #expect(isUpToDate, "run 'make golden' and review \(path)")
  }
}
