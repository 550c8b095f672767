import Foundation
import InsightsTestSupport
import Testing

/// Names of files that are unusual, and things that are no files.
@Suite("odd paths")
struct OddPathTests {
  @Test("names that are no UTF-8 are opened: given, in a folder, as the store and as output")
  func bytes() throws {
    let program = try Program()
    _ = try program.folder.write(Samples.log, to: "shop.log")
    let output = try program.runShell(
      #"""
      e=$(printf '\351'); mkdir logs "d$e"
      for copy in "c$e.log" "logs/$e.log" "d$e/a.log"; do cp shop.log "$copy"; done
      for from in "c$e.log" logs "d$e"; do
        "$0" query 'stats count(*) as n' --format csv --from "$from" || exit
      done
      "$0" ingest "c$e.log" --log-group shop --db "s$e.db" --format json >/dev/null || exit
      "$0" query 'stats count(*) as n' --db "s$e.db" --format csv --output "o$e.csv" || exit
      cat "o$e.csv"
      """#)
    #expect(output.standardError == "")
    #expect(
      output.standardOutput == String(repeating: "n\n\(Samples.eventCount)\n", count: 4))
  }

  @Test("what a terminal would obey in a name is shown as text")
  func escapes() throws {
    let output = try Program().runShell(
      #"""
      n=$(printf 'a\033]0;x\007\033[31mb'); printf 'PAR1' > "$n"; mkdir logs; cp "$n" logs
      "$0" ingest "$n"; "$0" ingest logs; "$0" ingest "no$n"; "$0" info --db "no$n"
      "$0" query --file "no$n"; "$0" query 'limit 1' --db "$n"; "$0" query --file "$n"
      "$0" "$n"; "$0" query 'limit 1' --format "$n"; "$0" run "$n"; "$0" run "no$n"
      """#)
    #expect(!output.standardError.isEmpty)
    #expect(!output.standardError.utf8.contains(0x1B), "\(output.standardError)")
    #expect(!output.standardError.utf8.contains(0x07))
    #expect(!output.standardOutput.utf8.contains(0x1B))
  }

  @Test("names that mean something to SQLite are names of files; an empty one is a mistake")
  func specialNames() throws {
    let program = try Program()
    _ = try program.folder.write(Samples.log, to: "shop.log")
    for name in [":memory:", "file:a.db?mode=memory", "file:b.db"] {
      #expect(try program.run("ingest", "shop.log", "--db", name).status == 0)
      #expect(try program.files().contains(name))
      #expect(try program.run("info", "--db", name).status == 0)
    }
    for command in [["info"], ["ingest", "shop.log"], ["query", "limit 1"]] {
      #expect(try program.run(command + ["--db", ""]).status == 64)
    }
  }

  @Test("pipes and devices are no stores and no folders of queries")
  func pipes() throws {
    let program = try Program()
    _ = try program.folder.write(Samples.log, to: "shop.log")
    let output = try program.runShell(
      #"""
      mkfifo pipe; mkdir Q; mkfifo Q/slow.insights; echo 'stats count(*) as n' > Q/fast.insights
      for db in pipe /dev/null /dev/zero; do
        timeout 10 "$0" info --db $db; echo $?; timeout 10 "$0" query 'limit 1' --db $db; echo $?
      done
      timeout 10 "$0" ingest shop.log --db pipe; echo $?
      timeout 10 "$0" run fast --from shop.log --queries Q --format csv; echo $?
      timeout 10 "$0" run slow --from shop.log --queries Q; echo $?
      timeout 10 "$0" queries --queries pipe; echo $?
      """#)
    #expect(
      output.standardOutput == String(repeating: "66\n", count: 6)
        + "73\nn\n\(Samples.eventCount)\n0\n66\n64\n", "\(output.standardError)")
    #expect(output.standardError.contains("it is a pipe, not a file"))
  }

  @Test("help that cannot be written is 74", arguments: ["--help", "--version", "query --help"])
  func fullDevice(arguments: String) throws {
    let output = try Program().runShell("\"$0\" \(arguments) > /dev/full; echo $?")
    #expect(output.standardOutput == "74\n")
    #expect(output.standardError.hasPrefix("error: "))
  }

  @Test("a missing file that is followed is waited for; one without its folder is 66")
  func missing() throws {
    let output = try Program().runShell(
      #"""
      (sleep 0.5; echo '2026-01-01T00:00:00.000Z here' > late.log) &
      "$0" tail --from late.log --timeout 5s; echo $?
      "$0" query 'stats count(*)' --follow --from never.log --timeout 500ms >/dev/null; echo $?
      "$0" tail --from no/where.log; echo $?
      """#)
    #expect(output.standardOutput == "2026-01-01 00:00:00.000  here\n0\n0\n66\n")
    #expect(output.standardError.contains("'late.log' is not there yet; waiting for it"))
    #expect(output.standardError.contains("'never.log' is not there yet; waiting for it"))
  }
}
