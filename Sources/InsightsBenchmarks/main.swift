#if DEBUG || BENCHMARKS
  internal import Glibc
  internal import InsightsModel
  internal import InsightsOutput

  /// Runs each benchmark of `HotLoops` over the beginning of a log, and prints a table.
  func runBenchmarks() throws -> Int32 {
    let arguments = CommandLine.arguments.dropFirst()
    if arguments.first == "--patterns" {
      try show(PatternAccuracy.table(ofFiles: arguments.dropFirst().sorted()))
      return 0
    }
    if arguments.first == "--cancel", let path = arguments.dropFirst().first {
      let rest = Array(arguments.dropFirst(2))
      try show(
        CancellationDelays.table(
          overStoreAt: path, count: rest.first.flatMap { Int($0) } ?? 200,
          word: rest.dropFirst().first))
      return 0
    }
    guard let path = arguments.first, let log = HotLoops.head(ofFile: path), !log.isEmpty else {
      var message = OutputBuffer(fileDescriptor: STDERR_FILENO)
      message.append(
        """
        usage: InsightsBenchmarks LOG [WORD]         (only loops whose name has the word)
               InsightsBenchmarks --cancel STORE [COUNT [WORD]]   (how soon a cancelled query ends)
               InsightsBenchmarks --patterns FILE…   (accuracy of patterns on labelled logs)

        """)
      try message.flush()
      return 64
    }
    let loops = try HotLoops(log: log)
    var table = ResultTable(columns: [
      ResultColumn(name: "loop", type: .text), ResultColumn(name: "per", type: .text),
      ResultColumn(name: "ns, median", type: .number, isComputed: true),
      ResultColumn(name: "ns, shortest", type: .number, isComputed: true),
      ResultColumn(name: "times", type: .number),
    ])
    for benchmark in try loops.all()
    where arguments.dropFirst().allSatisfy({ benchmark.name.contains($0) }) {
      let (median, shortest) = try benchmark.measure(runCount: 7)
      table.rows.append([
        .text(benchmark.name), .text(benchmark.unit), .real(median), .real(shortest),
        .integer(Int64(benchmark.unitCount)),
      ])
    }
    try show(table)
    return 0
  }

  private func show(_ table: ResultTable) throws {
    var buffer = OutputBuffer(fileDescriptor: STDOUT_FILENO)
    try OutputFormatRegistry.formatter(named: "table", for: .none)?.write(table, to: &buffer)
    try buffer.flush()
  }

  exit(try runBenchmarks())
#endif
