import Foundation
import InsightsTestSupport
import Testing

@Suite("help")
struct HelpTests {
  static let page = "Documentation/CommandLine.md"

  static let commands = [
    [], ["ingest"], ["query"], ["run"], ["tail"], ["triage"], ["metrics"], ["export"], ["queries"],
    ["queries", "list"],
    ["queries", "show"], ["queries", "export"], ["queries", "import"],
    ["explain"], ["check"], ["index"], ["fields"], ["groups"], ["streams"], ["record"], ["serve"],
    ["mcp"],
    ["functions"], ["commands"], ["formats"], ["info"], ["schema"],
  ]

  @Test("the page of the command line is what --help says")
  func page() throws {
    var text = """
      # The command line

      What `insights --help` and the `--help` of every command say. Exit codes, time ranges and formats are
      explained in [README.md](../README.md).

      """
    for command in Self.commands {
      let output = try Program().run(command + ["--help"])
      #expect(output.status == 0)
      #expect(output.standardError == "")
      text += """

        ## \((["insights"] + command).joined(separator: " "))

        ```text
        \(output.standardOutput.trimmingCharacters(in: .newlines))
        ```

        """
    }
    let isUpToDate = try? Repository.text(of: Self.page) == text
    if isUpToDate != true, Repository.isRecording {
      try Data(text.utf8).write(to: Repository.url(Self.page))
    }
    #expect(isUpToDate == true, "run 'make golden' and review \(Self.page)")
  }

  @Test("every command that help lists is on the page")
  func pageIsComplete() throws {
    let help = try Program().run("--help").standardOutput
    let section = try #require(help.components(separatedBy: "SUBCOMMANDS:\n").last)
    let listed = section.split(separator: "\n").filter {
      $0.hasPrefix("  ") && !$0.hasPrefix("   ")
    }
    .compactMap { $0.split(separator: " ").first.map(String.init) }
    .filter { $0 != "See" }
    #expect(listed.count > 5)
    for name in listed {
      #expect(Self.commands.contains([name]), "\(name)")
    }
  }

  @Test("help fits into 80 columns")
  func width() throws {
    for command in Self.commands {
      for line in try Program().run(command + ["--help"]).standardOutput.split(separator: "\n") {
        #expect(line.count <= 80, "\(command): \(line)")
      }
    }
  }
}
