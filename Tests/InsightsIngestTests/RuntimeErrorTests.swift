import InsightsSegments
import InsightsStore
import InsightsText
import Testing

@testable import InsightsIngest

@Suite("Runtime errors")
struct RuntimeErrorTests {
  /// A fault as a runtime writes it, event by event, and what it must be read as.
  struct Fault: CustomTestStringConvertible, Sendable {
    var name: String
    var events: [String]
    var kind: ErrorTable.Row.Kind
    var type: String?
    var message: String?
    var topFrame: String?

    var testDescription: String { name }
  }

  private static let id = "7f1c0a52-6a1e-4d0b-9c36-2f60d7a5be10"

  private static func assemble(_ events: [String], id: String = id)
    -> InvocationAssembler.SettledRows
  {
    var assembler = InvocationAssembler()
    var batch = LogEventBatch(defaultStream: StreamTable.Names())
    let report = "REPORT RequestId: \(id)\tDuration: 3.00 ms\tBilled Duration: 3 ms\t\n"
    for (index, text) in (["START RequestId: \(id) Version: 3\n"] + events + [report]).enumerated()
    {
      batch.append(
        LogEventBatch.Event(timestamp: Int64(1000 + index), message: batch.append(text: text.utf8)))
    }
    for event in batch.events {
      batch.withTexts { texts in
        let message = texts[event.message]
        // As in the store, only facts come back.
        var columns = EventColumns()
        EventClassifier().read(
          message, isLambda: true, leaves: JSONLeafReader(), into: &columns)
        let isFact = columns.isFact
        if isFact || event.continuesError {
          assembler.consume(message, timestamp: event.timestamp)
        }
      }
    }
    return assembler.takeLastRows()
  }

  static let faults: [Fault] = [
    Fault(
      name: "Python, cut into lines by print_exc",
      events: [
        "Traceback (most recent call last):\n", "  File \"/var/task/app.py\", line 4, in handler\n",
        "    load()\n", "  File \"/var/task/store.py\", line 9, in load\n", "    ~~~^^^\n",
        "KeyError: 'order_id'\n", "done\n",
      ], kind: .logged, type: "KeyError", message: "'order_id'",
      topFrame: "/var/task/store.py:9 load"),
    Fault(
      name: "Python, a chain cut into lines",
      events: [
        "Traceback (most recent call last):\n", "  File \"/var/task/app.py\", line 4, in a\n",
        "KeyError: 'x'\n", "\n",
        "During handling of the above exception, another exception occurred:\n", "\n",
        "Traceback (most recent call last):\n", "  File \"/var/task/app.py\", line 6, in b\n",
        "shop.errors.OrderClosed: order 3\n",
      ], kind: .logged, type: "shop.errors.OrderClosed", message: "order 3",
      topFrame: "/var/task/app.py:6 b"),
    Fault(
      name: "Python JSON, nobody caught it",
      events: [
        #"{"timestamp":"2026-03-04T10:00:00Z","log_level":"ERROR","errorMessage":"no","errorType":"#
          + #""ValueError","requestId":"\#(id)","stackTrace":["  File \"/var/task/app.py\", line 7,"#
          + #" in handler\n    raise ValueError('no')\n"]}"#
      ], kind: .unhandled, type: "ValueError", message: "no", topFrame: "/var/task/app.py:7 handler"
    ),
    Fault(
      name: "Powertools inside the runtime's object",
      events: [
        #"{"timestamp":"2026-03-04T10:00:00Z","level":"ERROR","requestId":"\#(id)","message":"#
          + #""{\"level\":\"ERROR\",\"message\":\"failed\",\"exception_name\":\"KeyError\","#
          + #"\"exception\":\"Traceback (most recent call last):\\n  File \\\"/var/task/app.py\\\", "#
          + #"line 7, in handler\\nKeyError: 'sku'\"}"}"#
      ], kind: .logged, type: "KeyError", message: "'sku'", topFrame: "/var/task/app.py:7 handler"),
    Fault(
      name: "Powertools for TypeScript",
      events: [
        #"{"level":"ERROR","message":"failed","error":{"name":"TypeError","location":"/var/task/a.js:3","#
          + #""message":"x is undefined","stack":"TypeError: x is undefined\n    at load "#
          + #"(/var/task/a.js:3:9)"}}"#
      ], kind: .logged, type: "TypeError", message: "x is undefined",
      topFrame: "/var/task/a.js:3:9 load"),
    Fault(
      name: "a logger's traceback in a member",
      events: [
        #"{"level":"error","msg":"failed","stack":"RangeError: too long\n    at load "#
          + #"(/var/task/a.js:3:9)"}"#
      ], kind: .logged, type: "RangeError", message: "too long",
      topFrame: "/var/task/a.js:3:9 load"),
    Fault(
      name: "Node, a stack cut into lines",
      events: [
        "/var/task/index.js:5\n", "    throw new TypeError('x')\n", "\n",
        "TypeError: no such order\n",
        "    at load (/var/task/index.js:5:11)\n",
        "    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)\n",
      ], kind: .logged, type: "TypeError", message: "no such order",
      topFrame: "/var/task/index.js:5:11 load"),
    Fault(
      name: "Node JSON",
      events: [
        #"{"timestamp":"2026-03-04T10:00:00.000Z","level":"ERROR","requestId":"\#(id)","message":"#
          + #"{"errorType":"Error","errorMessage":"closed","stackTrace":["Error: closed","    at "#
          + #"handler (/var/task/a.mjs:2:9)"]}}"#
      ], kind: .logged, type: "Error", message: "closed", topFrame: "/var/task/a.mjs:2:9 handler"),
    Fault(
      name: "Java, printStackTrace cut into lines",
      events: [
        "java.lang.IllegalStateException: no order\n", "\tat com.acme.Store.put(Store.java:52)\n",
        "\tat com.acme.Handler.handle(Handler.java:12)\n", "Caused by: java.io.IOException: gone\n",
        "\tat com.acme.Disk.read(Disk.java:9)\n", "\t... 2 more\n",
      ], kind: .logged, type: "java.lang.IllegalStateException", message: "no order",
      topFrame: "com.acme.Store.put(Store.java:52)"),
    Fault(
      name: "Java JSON, the trace in the message",
      events: [
        #"{"timestamp":"2026-03-04T10:00:00.000Z","message":"no order: com.acme.Closed\n"#
          + #"com.acme.Closed: no order\n\tat com.acme.Handler.handle(Handler.java:12)\n","level":"#
          + #""ERROR","AWSRequestId":"\#(id)"}"#
      ], kind: .unhandled, type: "com.acme.Closed", message: "no order",
      topFrame: "com.acme.Handler.handle(Handler.java:12)"),
    Fault(
      name: "Go, a panic in a method with its dump",
      events: [
        "panic: assignment to entry in nil map\n", "\n", "goroutine 1 [running]:\n",
        "main.(*Store).put(0xc000112000, {0xc0001, 0x3})\n", "\t/src/store.go:17 +0x2c\n",
        "main.main()\n", "\t/src/main.go:44 +0x9d\n",
      ], kind: .unhandled, type: "panic", message: "assignment to entry in nil map",
      topFrame: "/src/store.go:17 main.(*Store).put"),
    Fault(
      name: "go1.x", events: ["order 9 not found: errorString\nnull\n"], kind: .unhandled,
      type: "errorString", message: "order 9 not found", topFrame: nil),
    Fault(
      name: "Rust, a panic cut into lines",
      events: [
        "thread 'main' panicked at src/main.rs:41:30:\n", "no rate for the day\n",
        "note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n",
        "\u{1B}[31mERROR\u{1B}[0m Lambda runtime invoke{requestId=\"\(id)\"}: user handler panicked "
          + "error=Any { .. }\n",
      ], kind: .unhandled, type: "panic", message: "no rate for the day",
      topFrame: "src/main.rs:41:30"),
    Fault(
      name: "Rust with the thread's number",
      events: [
        "thread 'tokio-runtime-worker' (8) panicked at src/a.rs:4:3:\n", "explicit panic\n",
      ],
      kind: .unhandled, type: "panic", message: "explicit panic", topFrame: "src/a.rs:4:3"),
    Fault(
      name: "Rust before 1.73", events: ["thread 'main' panicked at 'boom', src/main.rs:4:5\n"],
      kind: .unhandled, type: "panic", message: "boom", topFrame: "src/main.rs:4:5"),
    Fault(
      name: "Rust, an error of the handler in colours",
      events: [
        "\u{1B}[31mERROR\u{1B}[0m \u{1B}[1mLambda runtime invoke\u{1B}[0m\u{1B}[1m{\u{1B}[0m"
          + "\u{1B}[3mrequestId\u{1B}[0m\u{1B}[2m=\u{1B}[0m\"\(id)\"\u{1B}[1m}\u{1B}[0m: "
          + "OrderClosed { order: 3 }\n"
      ], kind: .unhandled, type: "OrderClosed", message: "OrderClosed { order: 3 }", topFrame: nil),
    Fault(
      name: "Rust, an error of the handler as JSON",
      events: [
        #"{"level":"ERROR","fields":{"message":"Error(\"no stock\")"},"target":"lambda_runtime","#
          + #""span":{"requestId":"\#(id)","name":"Lambda runtime invoke"}}"#
      ], kind: .unhandled, type: "Error", message: "no stock", topFrame: nil),
    Fault(
      name: ".NET Core",
      events: ["Order is closed: OrderClosedException\n   at Acme.Orders.Handle(Order o)\n"],
      kind: .unhandled, type: "OrderClosedException", message: "Order is closed",
      topFrame: "Acme.Orders.Handle"),
    Fault(
      name: "Node, a string was thrown",
      events: ["2026-03-04T10:00:00.000Z\t\(id)\tERROR\tInvoke Error \t\"just words\"\n"],
      kind: .unhandled, type: nil, message: "just words", topFrame: nil),
    Fault(
      name: "Node, a promise was rejected",
      events: [
        "2026-03-04T10:00:00.000Z\t\(id)\tERROR\tUnhandled Promise Rejection \t"
          + #"{"errorType":"Runtime.UnhandledPromiseRejection","errorMessage":"Error: x","reason":"#
          + #"{"errorType":"Error","errorMessage":"x","stack":["Error: x","    at load "#
          + #"(/var/task/a.js:3:9)"]},"promise":{},"stack":["Runtime.UnhandledPromiseRejection: "#
          + #"Error: x","    at process.<anonymous> (file:///var/runtime/index.mjs:1276:17)"]}"#
      ], kind: .unhandled, type: "Runtime.UnhandledPromiseRejection", message: "Error: x",
      topFrame: "/var/task/a.js:3:9 load"),
    Fault(
      name: "Python, an exception group cut into lines",
      events: [
        "  + Exception Group Traceback (most recent call last):\n",
        "  |   File \"/var/task/app.py\", line 4, in fan_out\n", "  |     raise group\n",
        "  | ExceptionGroup: 2 items failed (1 sub-exception)\n",
        "  +-+---------------- 1 ----------------\n", "    | ValueError: 1\n",
        "    +------------------------------------\n",
      ], kind: .logged, type: "ExceptionGroup", message: "2 items failed (1 sub-exception)",
      topFrame: "/var/task/app.py:4 fan_out"),
    Fault(
      name: "PHP with Bref",
      events: [
        "\(id)\tInvoke Error\t"
          + #"{"errorType":"RuntimeException","errorMessage":"No stock","stack":["#
          + ##""#0 /var/task/app.php(31): Acme\\Store->load()","#1 {main}"]}"##
      ], kind: .unhandled, type: "RuntimeException", message: "No stock",
      topFrame: "/var/task/app.php:31 Acme\\Store->load"),
    Fault(
      name: ".NET JSON",
      events: [
        #"{"timestamp":"2026-03-04T10:00:00.000Z","level":"Error","requestId":"\#(id)","message":"x","#
          + #""errorType":"System.ArgumentException","errorMessage":"no id","stackTrace":["at "#
          + #"Acme.Orders.Handle(Order o) in /src/Orders.cs:line 42"]}"#
      ], kind: .logged, type: "System.ArgumentException", message: "no id",
      topFrame: "Acme.Orders.Handle /src/Orders.cs:42"),
    Fault(
      name: "PHP, an exception that nobody caught, line by line",
      events: [
        "[04-Mar-2026 10:00:00 UTC] PHP Fatal error:  Uncaught RuntimeException: No such order in "
          + "/var/task/index.php:12\n",
        "Stack trace:\n", "#0 /var/task/app.php(31): Acme\\Store->load()\n", "#1 {main}\n",
        "  thrown in /var/task/index.php on line 12\n",
      ], kind: .unhandled, type: "RuntimeException", message: "No such order",
      topFrame: "/var/task/index.php:12"),
  ]

  @Test("a runtime's error is read whole", arguments: faults)
  func fault(_ fault: Fault) {
    let result = Self.assemble(fault.events)
    #expect(result.errors.count == 1)
    let error = result.errors.first
    #expect(error?.kind == fault.kind)
    #expect(error?.type == fault.type)
    #expect(error?.message == fault.message)
    #expect(error?.topFrame == fault.topFrame)
    #expect(error?.requestID?.description == Self.id)
    #expect(result.invocations.map(\.status) == [fault.kind == .unhandled ? .error : .success])
  }

  @Test("the same fault in another request is the same, whatever the fault", arguments: faults)
  func sameFault(_ fault: Fault) {
    let other = "0b9e4c11-53aa-4a6f-8f0e-1d7c2b3a4f55"
    // Another request and another deployment: ids, addresses, lines and the place in a file move.
    let moved = fault.events.map { event in
      var text = event.replacing(Self.id, with: other)
      for (from, to) in [
        ("line 4,", "line 14,"), ("line 9,", "line 10,"), (":5:11", ":55:9"),
        (".java:52", ".java:60"),
        (".go:17", ".go:18"), ("0xc000112000", "0xc0001128f0"), (".rs:41:30", ".rs:43:12"),
        ("line 42", "line 43"), ("index.php:12", "index.php:13"), (":3:9", ":8:9"),
      ] {
        text = text.replacing(from, with: to)
      }
      return text
    }
    let one = Self.assemble(fault.events).errors.map(\.fingerprint)
    #expect(Self.assemble(moved, id: other).errors.map(\.fingerprint) == one)
  }

  @Test("different faults are different")
  func differentFaults() {
    let fingerprints = Self.faults.compactMap { Self.assemble($0.events).errors.first?.fingerprint }
    // Two of the loggers above write the same error of the same place.
    #expect(Set(fingerprints).count == Self.faults.count)
  }

  @Test(
    "particulars of a message do not split a fault",
    arguments: [
      ("order 9 not found", "order 1234 not found"),
      ("took 3 ms", "took 3.57 ms"),
      ("no user 'Jo Ann'", "no user 'Mary Lou'"),
      ("no order ord_123", "no order ord_9"),
      (
        "request 7f1c0a52-6a1e-4d0b-9c36-2f60d7a5be10",
        "request 0b9e4c11-53aa-4a6f-8f0e-1d7c2b3a4f55"
      ),
      ("at 2026-03-04T10:00:00.000Z", "at 2026-11-14T23:59:59.123Z"),
      ("object at 0x7f31aa", "object at 0x55c901"),
      ("key 9f8e7d6c5b4a3928", "key 0716aaf5e4d3c2b1"),
      ("host 10.0.0.1:5432", "host 192.168.10.23:80"),
      ("customer cus_N9aXb27Q", "customer cus_K3dVe81Z"),
    ])
  func sameMessage(_ one: String, _ other: String) {
    #expect(
      Fingerprint.of(type: nil, message: one, frames: [])
        == Fingerprint.of(type: nil, message: other, frames: []))
  }

  @Test(
    "other names are other faults",
    arguments: [
      ("'customer_id'", "'order_id'"), ("No module named 'pydantic'", "No module named 'requests'"),
      ("reading 'total'", "reading 'items'"), ("no route to s3", "no route to ec2"),
      ("order not found", "order not paid"),
    ])
  func otherMessage(_ one: String, _ other: String) {
    #expect(
      Fingerprint.of(type: nil, message: one, frames: [])
        != Fingerprint.of(type: nil, message: other, frames: []))
  }

  @Test(
    "what only looks like an error is none",
    arguments: [
      "0 errors", "errors: 0", "ERROR_COUNT=0", "{\"errorCount\":0}", "no exception",
      "GET /errors/ 404", "error_handler: ready", "timeout=30", "request timed out after 3000ms",
      "error budget is fine", "WARN slow", "REPORT for April", "START of batch", "END of batch",
      "[INFO]\t2026-03-04T10:00:00.000Z\t7f1c\tearlier: [ERROR] KeyError: 'a'",
      "{\"_aws\":{\"CloudWatchMetrics\":[]},\"Errors\":1,\"errorType\":\"None\"}",
      "{\"level\":\"info\",\"errorType\":\"KeyError\",\"errorMessage\":\"seen before\"}",
      "{\"level\":\"error\",\"kind\":\"exporter\",\"msg\":\"dropped\"}",
      "[WARNING]\t2026-03-04T10:00:00.000Z\t\tLAMBDA_WARNING: Unhandled exception. The most likely "
        + "cause is an issue in the function code.\r",
      "ERROR Lambda runtime invoke{requestId=\"\(id)\"}: orders::store: slow disk",
      "DD_EXTENSION | ERROR | no API key", "[NR_EXT] New Relic extension ERROR",
      "203.0.113.9 - - [11/Feb/2026:14:10:00 +0000] \"GET /echo HTTP/1.1\" 404 36 34a1c0d9",
      "ValueError: a line of its own", "java.lang.IllegalStateException: alone",
      "OutOfMemoryErrorHandler ready",
      "REPORT RequestId: 0b9e4c11-53aa-4a6f-8f0e-1d7c2b3a4f55 Duration: 3 ms Runtime Duration: 2 ms"
        + " Post Runtime Duration: 1 ms",
      "The job timed out after 30 seconds", "Task timed out after lunch",
    ])
  func falsePositives(_ message: String) {
    let result = Self.assemble([message + "\n"])
    #expect(result.errors.isEmpty)
    #expect(result.invocations.map(\.status) == [.success])
    #expect(result.invocations.map(\.isOutOfMemory) == [false])
  }

  @Test(
    "memory that ran out is proven by each runtime's words",
    arguments: [
      ["FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n"],
      ["FATAL ERROR: invalid array length Allocation failed\n"],
      ["fatal error: runtime: out of memory\n"], ["runtime: cannot allocate memory\n"],
      ["memory allocation of 8589934592 bytes failed\n"],
      ["terminate called after throwing an instance of 'std::bad_alloc'\n"],
      ["[FATAL] failed to allocate memory\n"],
      ["[ERROR] MemoryError: \nTraceback (most recent call last):\n"],
      [
        "Java heap space: java.lang.OutOfMemoryError\njava.lang.OutOfMemoryError: Java heap space\n"
          + "\tat com.acme.Handler.handle(Handler.java:12)\n"
      ],
      [
        "PHP Fatal error:  Allowed memory size of 134217728 bytes exhausted (tried to allocate 9)\n"
      ],
      ["RequestId: \(id) Error: Runtime exited with error: signal: killed\nRuntime.ExitError\n"],
    ])
  func outOfMemory(_ events: [String]) {
    #expect(Self.assemble(events).invocations.map(\.isOutOfMemory) == [true])
  }

  @Test("timeouts and exits without a request id are of the request that is open")
  func bareLines() {
    let timeout = Self.assemble(["Task timed out after 3.00 seconds\n\n"])
    #expect(timeout.errors.map(\.message) == ["Task timed out after 3.00 seconds"])
    #expect(timeout.errors.map(\.requestID?.description) == [Self.id])
    #expect(timeout.invocations.map(\.status) == [.timeout])
    let local = Self.assemble(["Function 'Orders' timed out after 3 seconds\n"])
    #expect(local.invocations.map(\.isTimedOut) == [true])
    #expect(local.errors.map(\.message) == ["Task timed out after 3 seconds"])
    let exit = Self.assemble(["Process exited before completing request\n"])
    #expect(exit.invocations.map(\.status) == [.error])
    let unknown = Self.assemble(["Unknown application error occurred\nRuntime.Unknown\n"])
    #expect(unknown.errors.map(\.type) == ["Runtime.Unknown"])
    #expect(unknown.invocations.map(\.errorType) == ["Runtime.Unknown"])
  }
}
