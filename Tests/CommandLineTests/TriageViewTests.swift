import Foundation
import InsightsTestSupport
import Testing

/// How findings are shown: in brief, in full, one of them, on a terminal and through a pager.
@Suite("triage on a terminal")
struct TriageViewTests {
  private static func samples(_ arguments: String...) throws -> Program.Output {
    try Program().run(["triage", "--db", SampleStore.path] + arguments)
  }

  /// Runs a script on a terminal of so many columns; `$0` is the program, `$DB` the sample store.
  private static func onTerminal(
    columns: Int = 100, _ script: String, environment: [String: String] = [:]
  ) throws -> String {
    let program = try Program(
      environment: ["LC_ALL": "C.UTF-8", "TERM": "xterm", "DB": SampleStore.path]
        .merging(environment) { $1 })
    let file = try program.folder.write(
      "stty cols \(columns) rows 24 -onlcr\n\(script)\n", to: "terminal.sh")
    return try program.runShell(
      "export PROGRAM=\"$0\"; timeout 60 script -qec 'sh \(file)' /dev/null < /dev/null"
    ).standardOutput
  }

  @Test("--brief is the findings first, with one fact of evidence each")
  func brief() throws {
    let text = try Self.samples("--brief").standardOutput
    let lines = text.components(separatedBy: "\n")
    #expect(lines[0] == "28 findings in 42 failed or slow requests")
    #expect(lines[2].hasPrefix(" 1  500  throttled: the function was refused"))
    #expect(lines[3].hasPrefix("         gateway: Endpoint response body"))
    #expect(lines.count { $0.contains("  502  ") } == 13)
    #expect(text.contains("\nLooked at 117 invocations"))
    #expect(text.contains("insights triage 1"))
    #expect(!text.contains("What to change"))
    #expect(!text.contains("START RequestId"))
  }

  @Test("everything is the default off a terminal; JSON is the same in brief and in full")
  func full() throws {
    let full = try Self.samples("--full").standardOutput
    #expect(full == (try Self.samples().standardOutput))
    #expect(full.contains("What to change"))
    let json = try Self.samples("--format", "json").standardOutput
    #expect(try Self.samples("--format", "json", "--brief").standardOutput == json)
    #expect(try Self.samples("--format", "json", "--full").standardOutput == json)
    #expect(try Self.samples("--full", "--brief").status == 64)
  }

  @Test("a number is one finding in full, with the number that the list gave it")
  func number() throws {
    let text = try Self.samples("3").standardOutput
    #expect(text.hasPrefix("3. 502 unhandled exception: KeyError\n"))
    #expect(text.contains("What to change"))
    #expect(!text.contains("\n4. "))
    let object = try #require(
      try json(Self.samples("3", "--format", "json").standardOutput) as? [String: Any])
    let findings = try #require(object["findings"] as? [[String: Any]])
    #expect(findings.compactMap { $0["cause"] as? String } == ["unhandled exception: KeyError"])
    for number in ["0", "29", "999999"] {
      let output = try Self.samples(number)
      #expect(output.status == 66)
      #expect(output.standardError.contains("there is no finding \(number); there are 28"))
    }
  }

  @Test("--timezone changes the times that people read, and days with them; never JSON")
  func timezone() throws {
    let brief = try Self.samples("--brief", "--timezone", "+02:00").standardOutput
    #expect(brief.contains("orders-api · 04:11:20 to 04:19:44"))
    #expect(brief.contains("All on 2026-03-17, times in +02:00."))
    let full = try Self.samples("3", "--timezone", "Europe/Berlin").standardOutput
    #expect(full.contains("since      2026-03-17 03:11:20.492+01:00"))
    #expect(full.contains("  03:19:44.917+01:00  [ERROR] KeyError"))
    let west = try Self.samples("--brief", "--timezone=-02:30").standardOutput
    #expect(west.contains("2026-03-16 23:41:20 to 2026-03-16 23:49:44"))
    #expect(west.contains("Times in -02:30."))
    let json = try Self.samples("--format", "json").standardOutput
    #expect(try Self.samples("--format", "json", "--timezone", "+02:00").standardOutput == json)
    #expect(try Self.samples("--timezone", "Nowhere/Else").status == 64)
  }

  @Test(
    "--fail-if: rows are findings",
    arguments: [
      ("any", 1), ("none", 0), ("rows > 27", 1), ("rows > 28", 0), ("status >= 502", 1),
      ("status > 504", 0), ("status >= 500 and count > 3", 0), ("status = 403 and count = 1", 1),
      ("count > 3 or status = 400", 1), ("cause = 'out of memory'", 1), ("cause = 'nothing'", 0),
      ("first < '2026-03-17 02:00:02'", 1), ("last >= '2026-03-18'", 0),
      ("rows = 28 and status=504", 1),
    ])
  func failIf(condition: String, status: Int32) throws {
    let output = try Self.samples("--brief", "--fail-if", condition)
    #expect(output.status == status)
    #expect(output.standardOutput.hasPrefix("28 findings"))
  }

  @Test("a condition on a column that findings do not have is 64 and names those that they have")
  func unknownColumn() throws {
    let output = try Self.samples("--fail-if", "state > 1")
    #expect(output.status == 64)
    #expect(output.standardError.contains("a column 'state'"))
    #expect(output.standardError.contains("columns: status, cause, count"))
    #expect(try Self.samples("--fail-if", "status >").status == 64)
  }

  @Test(
    "$COLUMNS wraps what goes into a pipe, without losing a word", arguments: [24, 44, 80, 200])
  func columns(width: Int) throws {
    for arguments in [["--brief"], ["--full"], ["3"], ["dac088ea-3d23-4289-b30c-98df504e50d5"]] {
      let program = try Program(environment: ["COLUMNS": "\(width)"])
      let text = try program.run(["triage", "--db", SampleStore.path] + arguments).standardOutput
      #expect(text.components(separatedBy: "\n").allSatisfy { $0.count <= width }, "\(arguments)")
      guard arguments != ["--brief"] else { continue }
      let plain = try Program().run(["triage", "--db", SampleStore.path] + arguments).standardOutput
      if width == 200 {
        #expect(Self.words(text) == Self.words(plain))
      }
    }
  }

  private static func words(_ text: String) -> String {
    text.filter { !$0.isWhitespace && $0 != "─" }
  }

  @Test("on a terminal: in brief, as wide as it is, in colour unless that is unwanted")
  func terminal() throws {
    for columns in [80, 100, 200] {
      let text = try Self.onTerminal(
        columns: columns, "$PROGRAM triage --db $DB --no-pager; echo status $?")
      #expect(text.hasPrefix("\u{1B}[1m28 findings"))
      #expect(text.contains("\u{1B}[1;31m502\u{1B}[0m"))
      #expect(text.contains("\u{1B}[1;33m403\u{1B}[0m"))
      #expect(text.contains("status 0"))
      let plain = text.replacing(try Regex("\u{1B}\\[[0-9;]*m"), with: "")
      #expect(plain.components(separatedBy: "\n").allSatisfy { $0.count <= columns })
      #expect(!plain.contains("What to change"))
    }
    for setting in ["NO_COLOR=1", "TERM=dumb"] {
      let text = try Self.onTerminal("\(setting) $PROGRAM triage --db $DB --no-pager")
      #expect(text.hasPrefix("28 findings"))
      #expect(!text.contains("\u{1B}"))
    }
    #expect(
      try Self.onTerminal("$PROGRAM triage --db $DB --full --no-pager").contains("What to change"))
  }

  // MARK: The pager

  @Test("$INSIGHTS_PAGER comes before $PAGER, and is a command of the shell")
  func pager() throws {
    let text = try Self.onTerminal(
      "INSIGHTS_PAGER='sed s/^/paged:/ | head -3' PAGER=false $PROGRAM triage --db $DB; echo status $?"
    )
    #expect(text.contains("paged:\u{1B}[1m28 findings"))
    #expect(text.contains("status 0"))
    let second = try Self.onTerminal("PAGER='sed s/^/second:/' $PROGRAM triage 1 --db $DB")
    #expect(second.contains("second:"))
  }

  @Test(
    "no pager: --no-pager, cat, an empty name, a missing one, a dumb terminal, --output, JSON, a pipe",
    arguments: [
      "INSIGHTS_PAGER='sed s/^/paged:/' $PROGRAM triage --brief --db $DB --no-pager",
      "INSIGHTS_PAGER=cat PAGER='sed s/^/paged:/' $PROGRAM triage --brief --db $DB",
      "INSIGHTS_PAGER= PAGER='sed s/^/paged:/' $PROGRAM triage --brief --db $DB",
      "PAGER=no-such-program $PROGRAM triage --brief --db $DB",
      "PAGER='$NOTHING no-such-program' $PROGRAM triage --brief --db $DB 2>/dev/null",
      "PATH=/nowhere $PROGRAM triage --brief --db $DB",
      "TERM=dumb PAGER='sed s/^/paged:/' $PROGRAM triage --brief --db $DB",
      "PAGER='sed s/^/paged:/' $PROGRAM triage --brief --db $DB --output out; cat out",
      "PAGER='sed s/^/paged:/' $PROGRAM triage --brief --db $DB | cat",
      "PAGER='sed s/^/paged:/' $PROGRAM triage --format json --db $DB; echo 28 findings",
    ])
  func noPager(script: String) throws {
    let text = try Self.onTerminal(script)
    #expect(text.contains("28 findings"))
    #expect(!text.contains("paged:"))
  }

  @Test("exit codes are the program's own, whatever becomes of the pager")
  func pagerStatus() throws {
    for pager in ["sed s/^/x/", "exit 3", "head -1", "kill -9 $$", "no-such-program", "true"] {
      let text = try Self.onTerminal(
        "PAGER='\(pager)' $PROGRAM triage --full --db $DB --fail-if any >&1; echo status $?")
      #expect(text.contains("status 1"), "\(pager)")
    }
    let missing = try Self.onTerminal(
      "PAGER='sed s/^/x/' $PROGRAM triage 99 --db $DB; echo status $?")
    #expect(missing.contains("status 66"))
    #expect(!missing.contains("xerror"))
  }

  @Test("Ctrl-C belongs to the pager: the program waits for it and keeps its exit code")
  func interrupt() throws {
    let text = try Self.onTerminal(
      #"""
      cat > pager.sh <<'END'
      trap 'echo interrupted' INT
      cat > /dev/null
      kill -INT 0
      sleep 0.2
      echo done
      END
      trap : INT
      PAGER='sh pager.sh' $PROGRAM triage --db $DB --fail-if any; echo status $?
      """#)
    #expect(text.contains("interrupted"))
    #expect(text.contains("done"))
    #expect(text.contains("status 1"))
  }
}
