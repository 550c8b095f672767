#if DEBUG || BENCHMARKS
  internal import Glibc
  internal import InsightsEngine
  internal import InsightsModel
  internal import InsightsQuery
  internal import InsightsThreads

  /// Measures how long queries continue after they were cancelled, at random moments.
  enum CancellationDelays {
    /// Returns the delays of each query whose name contains `word`, over the store at a path.
    static func table(overStoreAt path: String, count: Int, word: String?) throws -> ResultTable {
      var table = ResultTable(columns: [
        ResultColumn(name: "query", type: .text), ResultColumn(name: "runs", type: .number),
        ResultColumn(name: "cancelled", type: .number),
        ResultColumn(name: "length, ms", type: .number, isComputed: true),
        ResultColumn(name: "delay, median", type: .number, isComputed: true),
        ResultColumn(name: "99 %", type: .number, isComputed: true),
        ResultColumn(name: "longest", type: .number, isComputed: true),
        ResultColumn(name: "at", type: .number, isComputed: true),
      ])
      let queries = try queries()
      for (name, text) in queries where word.map(name.contains) ?? true {
        // Long queries are cancelled within their first seconds.
        let (length, _, _) = try run(text, path, cancelledAfter: longest)
        var delays: [(delay: Double, moment: Double)] = []
        var cancelledCount = 0
        for number in 0..<count {
          // Spread evenly over the run time, with some randomness.
          let share = (Double(number) + Double.random(in: 0..<1)) / Double(count)
          let moment = min(length, longest) * share
          let (_, delay, state) = try run(text, path, cancelledAfter: moment)
          if state == .cancelled { cancelledCount += 1 }
          delays.append((delay, moment))
        }
        delays.sort { $0.delay < $1.delay }
        guard let worst = delays.last else { continue }
        table.rows.append(
          [.text(name), .integer(Int64(count)), .integer(Int64(cancelledCount))]
            + [
              length, delays[count / 2].delay, delays[count * 99 / 100].delay, worst.delay,
              worst.moment,
            ].map(Value.real))
      }
      return table
    }

    private static let longest = 4000.0

    /// Runs a query and cancels it after some milliseconds; returns its total time, the time after
    /// the cancellation, and its final state.
    private static func run(
      _ text: String, _ path: String, cancelledAfter moment: Double
    ) throws -> (length: Double, delay: Double, state: QueryExecution.State) {
      final class CountingSink: RowSink {
        func receive(_ rows: [[Value]]) {}
      }
      let limits = ExecutionContext.Limits(rows: .max, steps: .max)
      let execution = QueryExecution(
        QueryRequest(SourceText(text), options: Binder.Options(rowLimit: .max)),
        context: ExecutionContext(limits: limits))
      let start = ContinuousClock.now
      let end = Locked(start)
      let thread = WorkerThread {
        _ = try? execution.run(overStoreAt: path, into: CountingSink())
        end.withLock { $0 = .now }
      }
      while !execution.state.isEnded, (ContinuousClock.now - start) / .milliseconds(1) < moment {
        usleep(200)
      }
      let cancelled = ContinuousClock.now
      execution.cancel()
      thread?.join()
      if let failure = execution.failure as? QueryError { throw failure }
      let ended = end.withLock { $0 }
      return (
        (ended - start) / .milliseconds(1), max(0, (ended - cancelled) / .milliseconds(1)),
        execution.state
      )
    }

    private static func queries() throws -> [(name: String, text: String)] {
      let sum = (0..<240).map { "strlen(@message) * \($0)" }.joined(separator: " + ")
      let conditions = (0..<240).map { "@message like /word\($0)/" }.joined(separator: " or ")
      return [
        ("regex", "filter @message like /(?i)(a|b|c)+.*([0-9]+x)+z/ | stats count(*)"),
        ("steep regex", "filter @message like /^.{20}(?:(?:[^ ]+ ?)+)+[ZQ]/ | stats count(*)"),
        ("parse", "parse @message /(?<a>[A-Z]+).*(?<b>[0-9]+)/ | stats count(*) by a, b"),
        ("rows", "fields @timestamp, @message"),
        ("sort of all", "sort @message desc"),
        ("sort of a computed value", "fields strlen(@message) as n | sort n, @message"),
        ("group by request", "stats count(*), max(@duration), avg(@billedDuration) by @requestId"),
        ("group by message", "stats count(*) by @message"),
        ("group by computed text", "stats count(*) by concat(@requestId, \"x\") as x"),
        ("distinct", "stats count_distinct(@message)"),
        ("values", "stats values(@requestId)"),
        ("percentile", "stats pct(strlen(@message), 50), pct(strlen(@message) % 7, 99)"),
        (
          "join",
          "join type=inner left=a right=b where a.@requestId = b.@requestId (SOURCE events) "
            + "| stats count(*) by a.@type"
        ),
        (
          "cross join",
          "join type=inner left=a right=b where a.@log = b.@log (SOURCE events) | stats count(*)"
        ),
        ("pattern", "pattern @message"),
        ("anomaly", "pattern @message | anomaly"),
        ("unnest", "fields split(@message, \" \") as w | unnest w into x | stats count(*) by x"),
        ("expand", "fields split(@message, \" \") as w | expand w | stats count(*)"),
        (
          "in subquery",
          "filter @requestId in (filter @message like /ERROR/ | fields @requestId) | stats count(*)"
        ),
        ("dedup", "dedup @message | limit 100000"),
        ("dedup without a limit", "dedup @message"),
        ("huge sum", "fields \(sum) as x | stats max(x)"),
        ("many conditions", "filter \(conditions) | stats count(*)"),
      ]
    }
  }
#endif
