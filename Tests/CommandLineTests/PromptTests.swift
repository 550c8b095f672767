import Foundation
import InsightsTestSupport
import Testing

/// Types at the prompt, on a terminal that `script` provides.
@Suite("the prompt")
struct PromptTests {
  /// Runs the program on a terminal with the keys that a script sends.
  private func converse(
    _ script: String, eventCount: Int = 1
  ) throws -> (output: Program.Output, program: Program) {
    let program = try Program(environment: ["LC_ALL": "C.UTF-8", "TERM": "xterm"])
    let output = try program.runShell(
      TailTests.waitFor + "\n" + #"""
        export XDG_STATE_HOME="$PWD/state"
        for n in $(seq \#(eventCount)); do
          printf '2026-01-01T00:00:00.000Z {"level":"INFO","service":"orders"}\n'
        done > a.log
        "$0" ingest a.log --log-group /aws/lambda/orders >/dev/null
        mkfifo keys
        timeout 60 script -qec "trap : INT; stty -echoctl; $0 query; echo status \$?" /dev/null < keys > shown & pid=$!
        exec 4> keys
        prompts() { # Waits for so many prompts: what is typed before belongs to the one before.
          for try in $(seq 100); do
            [ $(grep -ao 'insights> ' shown | wc -l) -ge $1 ] && return; sleep 0.1
          done
        }
        wait_for 'insights> ' shown

        """# + script + "\nwait_for status shown; exec 4>&-; wait $pid; cat shown")
    return (output, program)
  }

  @Test("a query is answered, its columns complete, Ctrl-C forgets a line, Ctrl-D leaves")
  func conversation() throws {
    let (output, program) = try converse(
      #"""
      prompts 1; printf 'stats count(*) as tally by service\n' >&4
      prompts 2; printf 'filter serv\t= "orders" | fie\tlev\t\n' >&4
      prompts 3; printf 'never run\003' >&4
      prompts 4; printf 'filtr\n' >&4
      prompts 5; printf '\004' >&4
      """#)
    let shown = output.standardOutput
    #expect(shown.contains("tally"))
    #expect(shown.contains("INFO"))
    #expect(shown.contains("a command with a similar name exists: 'filter'"))
    #expect(!shown.contains("'never'"))
    #expect(shown.contains("status 0"), "\(shown)")
    let history = try String(
      contentsOfFile: program.path("state/insights/history"), encoding: .utf8)
    #expect(history.contains("service") && history.contains("filtr"))
    #expect(!history.contains("never"))
  }

  @Test("Ctrl-C ends the query at work, and the prompt comes back")
  func interruption() throws {
    let (output, _) = try converse(
      #"""
      prompts 1; printf 'join type=inner left=a right=b where a.@log = b.@log (SOURCE events) | stats count(*) by a.@message\n' >&4
      wait_for 'by a.@message' shown; sleep 0.5; printf '\003' >&4
      prompts 2; printf 'stats count(*) as tally\n' >&4
      prompts 3; printf '\004' >&4
      """#, eventCount: 3000)
    let shown = output.standardOutput
    // The word before the colon may be coloured.
    let plain = shown.replacing(try Regex("\u{1B}\\[[0-9;]*m"), with: "")
    #expect(plain.contains("error: interrupted"), "\(shown)")
    #expect(shown.contains("tally") && shown.contains("3000"))
    #expect(shown.contains("status 0"), "\(shown)")
  }

  @Test("commands of other prompts are understood")
  func foreignCommands() throws {
    let (output, _) = try converse(
      #"""
      prompts 1; printf 'help\n' >&4
      prompts 2; printf '.tables\n' >&4
      prompts 3; printf 'quit;\n' >&4
      """#)
    let shown = output.standardOutput
    #expect(shown.contains("Tab completes"))
    #expect(shown.contains("level"))
    #expect(!shown.contains("error:"))
    #expect(shown.contains("status 0"), "\(shown)")
  }

  @Test("a query goes on in the next line where something is open, and from the last one after '|'")
  func severalLines() throws {
    let (output, _) = try converse(
      #"""
      prompts 1; printf 'stats count(*) as tally by\n' >&4
      wait_for ' -> ' shown; printf 'level\n' >&4
      prompts 2; printf '| fields concat("<", level, ">") as quoted\n' >&4
      prompts 3; printf 'fields 1 as one\n| fields one + 1 as two | display two\nfields 7 as seven\n' >&4
      prompts 5; printf '\\q\n' >&4
      """#)
    let shown = output.standardOutput
    for text in ["<INFO>", "\r\n  2\r", "\r\n    7\r", "status 0"] {
      #expect(shown.contains(text), "\(text) in \(shown)")
    }
  }

  @Test("off a terminal a query is needed")
  func noTerminal() throws {
    let output = try Program().run("query")
    #expect(output.status == 64)
    #expect(output.standardError.contains("there is no query"))
  }
}
