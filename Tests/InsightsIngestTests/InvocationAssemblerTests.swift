import InsightsStore
import Testing

@testable import InsightsIngest

@Suite("Invocations and errors")
struct InvocationAssemblerTests {
  private static let one = "7f1c0a52-6a1e-4d0b-9c36-2f60d7a5be10"
  private static let two = "0b9e4c11-53aa-4a6f-8f0e-1d7c2b3a4f55"

  private func assemble(_ messages: [String]) -> InvocationAssembler.SettledRows {
    var assembler = InvocationAssembler()
    for (index, message) in messages.enumerated() {
      Array(message.utf8).withUnsafeBufferPointer {
        assembler.consume($0, timestamp: Int64(1000 + index))
      }
    }
    return assembler.takeLastRows()
  }

  private func start(_ id: String = one) -> String { "START RequestId: \(id) Version: 3\n" }

  private func report(_ id: String = one, _ rest: String = "") -> String {
    "REPORT RequestId: \(id)\tDuration: 3000.00 ms\tBilled Duration: 3000 ms\t"
      + "Memory Size: 128 MB\tMax Memory Used: 60 MB\t\(rest)\n"
  }

  @Test("the keys of a report are found in any order and with any white space")
  func reportLine() {
    let text =
      "REPORT RequestId: \(Self.one) Billed Restore Duration: 303 ms  Status: error "
      + "Max Memory Used: 92 MB\tRestore Duration: 511.25 ms\tDuration: 18.34 ms \t"
      + "Billed Duration: 610 ms\nXRAY TraceId: 1-a-b\tSegmentId: c\tSampled: true\t\n"
    let row = assemble([text]).invocations.first
    #expect(row?.durationMilliseconds == 18.34)
    #expect(row?.billedMilliseconds == 610)
    #expect(row?.restoreMilliseconds == 511.25)
    #expect(row?.billedRestoreMilliseconds == 303)
    #expect(row?.maxMemoryMegabytes == 92)
    #expect(row?.memoryMegabytes == nil)
    #expect(row?.xrayTraceID == "1-a-b")
    #expect(row?.isColdStart == true)
    #expect(row?.status == .error)
  }

  @Test("the emulator's Init Duration, which comes first, is no cold start")
  func emulator() {
    let text = "REPORT RequestId: \(Self.one)\tInit Duration: 0.09 ms\tDuration: 5.00 ms\t"
    #expect(assemble([text]).invocations.first?.isColdStart == false)
  }

  @Test("a REPORT with nonsense in it does no harm")
  func hostileReport() {
    for rest in ["Duration: 1e999 ms", "Init Duration:", "Memory Size: 99999999999999999999 MB"] {
      #expect(assemble([report(Self.one, rest)]).invocations.count == 1)
    }
    let endless = "REPORT RequestId: \(Self.one)\tDuration: 1e300 ms\tStatus: timeout"
    #expect(assemble([endless]).errors.first?.message == "Task timed out")
  }

  @Test(
    "lines that only look like Lambda's are none",
    arguments: [
      "REPORT for April", "START of batch", "END of batch", "START RequestId: 12 Version: 1",
      "RequestId: 7f1c0a52-6a1e-4d0b-9c36-2f60d7a5be10 seen",
      "request timed out after 3000ms", "0 errors", "{\"errorCount\":0}",
      "{\"level\":\"INFO\",\"errorType\":\"X\",\"errorMessage\":\"y\"}",
      "{\"level\":\"ERROR\",\"message\":\"plain\"}",
    ])
  func falsePositives(_ message: String) {
    let result = assemble([message])
    #expect(result.invocations.isEmpty)
    #expect(result.errors.isEmpty)
  }

  @Test("a timeout counts once, whichever lines tell of it and in whichever order")
  func timeouts() {
    let line = "2026-03-04T10:00:03.000Z \(Self.one) Task timed out after 3.00 seconds\n\n"
    for messages in [
      [start(), line, report()], [start(), report(), line],
      [start(), line, report(Self.one, "Status: timeout")],
      [start(), report(Self.one, "Status: timeout"), line], [start(), line],
    ] {
      let result = assemble(messages)
      #expect(result.invocations.map(\.status) == [.timeout])
      #expect(result.invocations.map(\.isTimedOut) == [true])
      #expect(result.invocations.first?.errorType == nil)
      #expect(result.errors.map(\.message) == ["Task timed out after 3.00 seconds"])
      #expect(result.errors.map(\.requestID?.description) == [Self.one])
    }
  }

  @Test("a fault that repeats a runtime error adds no row, one that stands alone does")
  func faults() {
    let fault =
      "RequestId: \(Self.one) Error: Runtime exited with error: exit status 1\nRuntime.ExitError\n"
    let error = "[ERROR] ValueError: no\nTraceback (most recent call last):"
    let both = assemble([start(), error, fault, report()])
    #expect(both.errors.map(\.type) == ["ValueError"])
    #expect(both.invocations.first?.errorType == "ValueError")
    let alone = assemble([start(), report(), fault])
    #expect(alone.errors.map(\.type) == ["Runtime.ExitError"])
    #expect(alone.invocations.map(\.status) == [.error])
    let orphan = assemble([fault])
    #expect(orphan.invocations.isEmpty)
    #expect(orphan.errors.map(\.requestID?.description) == [Self.one])
  }

  @Test("a killed process is out of memory")
  func killed() {
    let fault =
      "RequestId: \(Self.one) Error: Runtime exited with error: signal: killed\nRuntime.ExitError\n"
    #expect(assemble([start(), fault, report()]).invocations.map(\.isOutOfMemory) == [true])
    #expect(assemble([start(), report()]).invocations.map(\.isOutOfMemory) == [false])
  }

  @Test("START without REPORT is incomplete unless an error names it")
  func incomplete() {
    #expect(assemble([start()]).invocations.map(\.status) == [.incomplete])
    let failed = assemble([start(), "[ERROR] E: x\nTraceback (most recent call last):"])
    #expect(failed.invocations.map(\.status) == [.error])
  }

  @Test("requests that interleave keep their own lines")
  func interleaving() {
    let result = assemble([
      start(Self.one), start(Self.two),
      "2026-03-04T10:00:00.000Z\t\(Self.one)\tERROR\tInvoke Error \t"
        + "{\"errorType\":\"TypeError\",\"errorMessage\":\"x\",\"stack\":[]}",
      report(Self.two), report(Self.one),
    ])
    #expect(result.invocations.map(\.requestID?.description) == [Self.one, Self.two])
    #expect(result.invocations.map(\.status) == [.error, .success])
  }

  @Test("a request that is tried again is another invocation")
  func retries() {
    let result = assemble([start(), report(Self.one, "Status: error"), start(), report()])
    #expect(result.invocations.map(\.status) == [.error, .success])
    #expect(result.invocations.map(\.start) == [1000, 1002])
  }

  @Test("a START behind its REPORT in the same millisecond belongs to it")
  func sameMillisecond() {
    var assembler = InvocationAssembler()
    for message in [report(), start()] {
      Array(message.utf8).withUnsafeBufferPointer { assembler.consume($0, timestamp: 5) }
    }
    let rows = assembler.takeLastRows()
    #expect(rows.invocations.count == 1)
    #expect(rows.invocations.first?.version == "3")
  }

  @Test("rows that leave early are the rows that a short stream would have")
  func settledRows() {
    var assembler = InvocationAssembler()
    var invocations: [InvocationTable.Row] = []
    var errors: [ErrorTable.Row] = []
    let count = 3 * InvocationAssembler.reach
    for number in 0..<count {
      let digits = String(number + 100_000_000_000)
      let id = "7f1c0a52-6a1e-4d0b-9c36-\(digits)"
      var messages = [start(id), report(id)]
      if number.isMultiple(of: 2) {
        messages.insert("[ERROR] KeyError: 'a'\nTraceback (most recent call last):", at: 1)
      }
      for message in messages {
        Array(message.utf8).withUnsafeBufferPointer {
          assembler.consume($0, timestamp: Int64(number))
        }
        guard let settled = assembler.takeSettledRows() else { continue }
        invocations += settled.invocations
        errors += settled.errors
      }
    }
    #expect(invocations.count > InvocationAssembler.reach)
    let last = assembler.takeLastRows()
    #expect(last.invocations.count <= 2 * InvocationAssembler.reach)
    invocations += last.invocations
    errors += last.errors
    #expect(invocations.map(\.start) == (0..<count).map { Int64($0) })
    #expect(
      invocations.map(\.status) == (0..<count).map { $0.isMultiple(of: 2) ? .error : .success })
    #expect(errors.count == count / 2)
    #expect(errors.allSatisfy { $0.requestID != nil })
  }

  @Test(
    "errors that wait for a line which never comes leave all the same",
    arguments: [
      // Of an init whose request has not started.
      "[ERROR] Runtime.ImportModuleError: no x\nTraceback (most recent call last):",
      // Of a gateway's request without its last line.
      "(0f1e2d3c-0b9e-4c11-8f0e-1d7c2b3a4f55) Execution failed due to a timeout error",
    ], [false, true])
  func waitingErrors(message: String, isEarly: Bool) {
    var assembler =
      isEarly ? InvocationAssembler(history: RequestHistory()) : InvocationAssembler()
    let count = 30_000
    var taken = 0
    for number in 0..<count {
      let other = "[ERROR] ValueError: \(number)\nTraceback (most recent call last):"
      for text in number == 0 ? [message, other] : [other] {
        Array(text.utf8).withUnsafeBufferPointer {
          assembler.consume($0, timestamp: Int64(1000 + number))
        }
        let rows =
          isEarly && number.isMultiple(of: 4096)
          ? assembler.takeRowsEarly() : isEarly ? nil : assembler.takeSettledRows()
        taken += rows?.errors.count ?? 0
      }
    }
    #expect(taken > count / 3)
    #expect(taken + assembler.takeLastRows().errors.count == count + 1)
  }

  @Test("a row that left early and would change is told")
  func changedEarlyRows() {
    var assembler = InvocationAssembler(history: RequestHistory())
    func consume(_ text: String) {
      Array(text.utf8).withUnsafeBufferPointer { assembler.consume($0, timestamp: 1000) }
    }
    consume("(\(Self.one)) Execution failed due to a timeout error")
    for number in 0...InvocationAssembler.reach {
      consume("[ERROR] ValueError: \(number)\nTraceback (most recent call last):")
    }
    _ = assembler.takeRowsEarly()
    #expect(!assembler.isIrregular)
    consume("(\(Self.one)) Method completed with status: 504")
    #expect(assembler.isIrregular)
  }

  @Test("an init error is the failure of the request whose init it was, else of none")
  func initErrors() {
    let error = "[ERROR] Runtime.ImportModuleError: no x\nTraceback (most recent call last):"
    let type = "\tStatus: error\tError Type: Runtime.ImportModuleError\n"
    let result = assemble([
      error, "INIT_REPORT Init Duration: 80.49 ms\tPhase: init" + type,
      error, "INIT_REPORT Init Duration: 78.02 ms\tPhase: invoke" + type, start(), report(),
    ])
    #expect(result.errors.map(\.requestID?.description) == [nil, Self.one])
    #expect(result.invocations.map(\.errorType) == ["Runtime.ImportModuleError"])
    let unexplained = assemble(["INIT_REPORT Init Duration: 80.49 ms\tPhase: init" + type])
    #expect(unexplained.errors.map(\.kind) == [.platform])
  }

  @Test("equal faults have equal fingerprints, others have not")
  func fingerprints() {
    func fingerprint(_ message: String, line: Int64 = 1, file: String = "a.py") -> String {
      Fingerprint.of(
        type: "E", message: message,
        frames: [RuntimeError.Frame(file: file, line: line, function: "f")])
    }
    let base = fingerprint("order 17 of 'Bob Roe' not found")
    #expect(fingerprint("order 4711 of 'Al Poe' not found", line: 9) == base)
    #expect(fingerprint("order 17 of 'Bob Roe' not paid") != base)
    #expect(fingerprint("order 17 of 'Bob Roe' not found", file: "b.py") != base)
  }

  @Test("JSON errors are recognised in the shapes that loggers write")
  func jsonErrors() {
    let shapes: [(String, String, ErrorTable.Row.Kind)] = [
      ("{\"log_level\":\"ERROR\",\"errorType\":\"A\",\"errorMessage\":\"m\"}", "A", .unhandled),
      ("{\"level\":\"ERROR\",\"errorType\":\"B\",\"errorMessage\":\"m\"}", "B", .logged),
      ("{\"error\":{\"code\":\"C\",\"message\":\"m\",\"details\":{}}}", "C", .logged),
      (
        "{\"timestamp\":\"t\",\"message\":{\"errorType\":\"D\",\"errorMessage\":\"m\"}}", "D",
        .logged
      ),
      ("2026/03/04 10:00:00 {\"errorMessage\":\"m\",\"errorType\":\"E\"}", "E", .unhandled),
    ]
    for (text, type, kind) in shapes {
      let errors = assemble([text]).errors
      #expect(errors.map(\.type) == [type], "\(text)")
      #expect(errors.map(\.message) == ["m"], "\(text)")
      #expect(errors.map(\.kind) == [kind], "\(text)")
    }
  }

  @Test("a Go panic is the error of its request, its fault adds nothing")
  func goPanic() {
    let result = assemble([
      start(), "panic: assignment to entry in nil map\n", "goroutine 1 [running]:\n",
      "RequestId: \(Self.one) Error: Runtime exited with error: exit status 2\nRuntime.ExitError\n",
      report(),
    ])
    #expect(result.errors.map(\.type) == ["panic"])
    #expect(result.errors.map(\.message) == ["assignment to entry in nil map"])
    #expect(result.invocations.map(\.errorType) == ["panic"])
  }

  @Test("the frame of Go's own code is found among those of its libraries")
  func goFrames() {
    let text =
      "2026/03/04 10:00:00 {\"errorMessage\":\"m\",\"errorType\":\"boundsError\",\"stackTrace\":["
      + "{\"path\":\"github.com/aws/aws-lambda-go@v1/lambda/a.go\",\"line\":1,\"label\":\"a\"},"
      + "{\"path\":\"runtime/panic.go\",\"line\":2,\"label\":\"b\"},"
      + "{\"path\":\"main.go\",\"line\":27,\"label\":\"handler\"}]}"
    #expect(assemble([text]).errors.map(\.topFrame) == ["main.go:27 handler"])
  }

  @Test("tracebacks of any shape never trap")
  func hostileTracebacks() {
    let head = "Traceback (most recent call last):"
    for text in [
      head, "[ERROR] " + head, "[ERROR] X" + head, head + "\n\n\n", head + "\nFile \"",
      head + "\n  File \"a\", line 99999999999999999999, in f\nE", "x\n    at (::)\n    at )(",
      "\tat \n\tat ", "a.B: c\n\tat x(", "\n    at f (a:1:\u{0661})",
      "[ERROR] É: x\r" + head + "\r\u{A0}\u{A0}File \"a\", line 1, in f",
    ] {
      _ = assemble([start(), text, report()])
    }
    let deep = head + String(repeating: "\n  File \"a.py\", line 1, in f\n    g()", count: 20_000)
    #expect(assemble([start(), deep + "\nE: x"]).errors.first?.frames.count == 20_000)
  }
}
