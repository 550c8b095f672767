import Foundation
import InsightsTestSupport
import Testing

@Suite("the manual page and shell completions")
struct ManualTests {
  @Test("the manual page has every command and option, and what they are for")
  func manualPage() throws {
    let output = try Program().run("manual")
    #expect(output.status == 0)
    let page = output.standardOutput
    #expect(page.hasPrefix(".TH INSIGHTS 1"))
    for command in HelpTests.commands where command.count == 1 && command != ["queries"] {
      #expect(page.contains("\n.SS insights \(command[0])"), "\(command)")
    }
    #expect(page.contains("\n.SS insights queries show"))
    #expect(page.contains("\\fB\\-\\-db <file>\\fR\nThe store: a file, or clickhouse://"))
    // A label as long as its column, and one longer than that.
    #expect(page.contains("\\fB\\-\\-inflate\\-limit <bytes>\\fR\nThe bytes that one"))
    #expect(page.contains("\\-\\-gateway\\-timeout <milliseconds>\\fR\nWhen the gateway"))
    for status in ["0", "1", "64", "65", "66", "70", "73", "74", "130"] {
      #expect(page.contains("\n.TP\n.B \(status)\n"), "\(status)")
    }
  }

  @Test("what every command takes is told once")
  func commonOptions() throws {
    let page = try Program().run("manual").standardOutput
    #expect(page.components(separatedBy: "\\-\\-error\\-format <").count == 2)
  }

  @Test("no line of the manual page is taken for a request by mistake")
  func requests() throws {
    let requests = [".TH", ".SH", ".SS", ".PP", ".TP", ".B", ".I", ".BR", ".nf", ".fi"]
    for line in try Program().run("manual").standardOutput.split(separator: "\n") {
      #expect(!line.hasPrefix("'"), "\(line)")
      if line.hasPrefix(".") {
        #expect(requests.contains(String(line.prefix { $0 != " " })), "\(line)")
      }
    }
  }

  @Test("there are completions for each shell", arguments: ["bash", "zsh", "fish"])
  func completionScripts(shell: String) throws {
    let output = try Program().run("--generate-completion-script", shell)
    #expect(output.status == 0)
    for word in ["triage", "error-format", "ndjson"] {
      #expect(output.standardOutput.contains(word), "\(word)")
    }
  }

  @Test("saved queries and packs are completed")
  func savedQueries() throws {
    let program = try Program(environment: ["SAP_SHELL": "bash"])
    let output = try program.run(
      "---completion", "run", "--", "positional@0", "2", "9", "insights", "run", "lambda/er")
    #expect(output.standardOutput.split(separator: "\n").contains("lambda/errors"))
    #expect(!output.standardOutput.contains("lambda/timeouts"))
  }
}
