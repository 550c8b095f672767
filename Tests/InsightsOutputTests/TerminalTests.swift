import Glibc
@testable import InsightsOutput
import Testing

@Suite struct TerminalTests {
  /// A pseudo-terminal of 132 columns.
  private struct PseudoTerminal: ~Copyable {
    let controller: Int32
    let terminal: Int32

    init() throws {
      var ends: (controller: Int32, terminal: Int32) = (-1, -1)
      var size = winsize(ws_row: 24, ws_col: 132, ws_xpixel: 0, ws_ypixel: 0)
      try #require(openpty(&ends.controller, &ends.terminal, nil, nil, &size) == 0)
      (controller, terminal) = ends
    }

    deinit {
      close(terminal)
      close(controller)
    }

    /// What the program wrote, at least so many bytes of it: the system hands them over in pieces.
    func screen(byteCount: Int) -> String {
      var screen: [UInt8] = []
      var bytes = [UInt8](repeating: 0, count: 4096)
      while screen.count < byteCount {
        let count = read(controller, &bytes, bytes.count)
        guard count > 0 else { break }
        screen += bytes.prefix(count)
      }
      return String(decoding: screen, as: UTF8.self)
    }
  }

  @Test("off a terminal nothing is cut, whatever the environment says; COLUMNS wraps prose")
  func noTerminal() throws {
    let descriptor = open("/dev/null", O_WRONLY)
    defer { close(descriptor) }
    let terminal = Terminal(fileDescriptor: descriptor) { $0 == "COLUMNS" ? "100" : nil }
    #expect(terminal.columnCount == nil)
    #expect(terminal.proseColumnCount == 100)
    #expect(Terminal(fileDescriptor: descriptor) { _ in nil } == .none)
    #expect(Terminal(fileDescriptor: descriptor, color: .always) { _ in nil }.usesColor)
  }

  @Test(
    "the width is COLUMNS where that is a number, else the terminal's",
    arguments: [("100", 100), ("", 132), ("0", 132), ("-3", 132), ("wide", 132), (nil, 132)])
  func width(columns: String?, expected: Int) throws {
    let pseudoTerminal = try PseudoTerminal()
    let terminal = Terminal(fileDescriptor: pseudoTerminal.terminal) {
      $0 == "COLUMNS" ? columns : nil
    }
    #expect(terminal.columnCount == expected)
  }

  @Test(
    "colour: the option, then NO_COLOR, then TERM",
    arguments: [
      (ColorChoice.auto, [:], true),
      (.auto, ["NO_COLOR": "1"], false),
      (.auto, ["NO_COLOR": ""], true),
      (.auto, ["TERM": "dumb"], false),
      (.always, ["NO_COLOR": "1", "TERM": "dumb"], true),
      (.never, [:], false),
    ] as [(ColorChoice, [String: String], Bool)])
  func color(choice: ColorChoice, environment: [String: String], expected: Bool) throws {
    let pseudoTerminal = try PseudoTerminal()
    let terminal = Terminal(fileDescriptor: pseudoTerminal.terminal, color: choice) {
      environment[$0]
    }
    #expect(terminal.usesColor == expected)
  }

  @Test("progress: drawn at once, not again within a tenth of a second, and erased")
  func progress() throws {
    let pseudoTerminal = try PseudoTerminal()
    var progress = ProgressLine(fileDescriptor: pseudoTerminal.terminal)
    progress.update(byteCount: 12_345_678, eventCount: 1_234_567, at: 5)
    progress.update(byteCount: 99_999_999, eventCount: 9, at: 100_000_004)
    progress.update(byteCount: 100_000_000, eventCount: 123, at: 100_000_005)
    progress.erase()
    progress.erase()
    let expected = "\r12.3 MB, 1,234,567 events\u{1B}[K\r100.0 MB, 123 events\u{1B}[K\r\u{1B}[K"
    #expect(pseudoTerminal.screen(byteCount: expected.utf8.count) == expected)
  }

  @Test("progress: silent off a terminal and when unwanted")
  func silentProgress() throws {
    let pseudoTerminal = try PseudoTerminal()
    var unwanted = ProgressLine(fileDescriptor: pseudoTerminal.terminal, isShown: false)
    unwanted.update(byteCount: 1, eventCount: 1)
    unwanted.erase()
    try #require(fcntl(pseudoTerminal.controller, F_SETFL, O_NONBLOCK) == 0)
    #expect(pseudoTerminal.screen(byteCount: 1) == "")

    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    defer { close(ends[0]) }
    var piped = ProgressLine(fileDescriptor: ends[1])
    piped.update(byteCount: 1, eventCount: 1)
    close(ends[1])
    var byte: UInt8 = 0
    #expect(read(ends[0], &byte, 1) == 0)
  }
}
