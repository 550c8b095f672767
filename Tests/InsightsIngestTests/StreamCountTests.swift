import InsightsIngest
import Testing

/// An input may name any number of log streams.
@Suite("Numbers of log streams")
struct StreamCountTests {
  @Test("events find their streams behind the count that is known at once")
  func many() throws {
    let folder = try TemporaryFolder()
    // Long enough for many pieces of input, each of which may forget the streams of those before.
    let filling = String(repeating: "x", count: 100_000)
    let names = (0..<40).map { "s\($0)" } + ["s0", "s1", "s39"]
    let text = names.map {
      #"{"logGroupName":"g","logStreamName":"\#($0)","timestamp":1772618400000,"message":"\#($0) \#(filling)"}"#
    }.joined(separator: "\n")
    let summary = try folder.ingest(
      [try folder.write(text, to: "a.jsonl")], options: ImportOptions(openStreamLimit: 1))
    #expect(summary.events == names.count)
    #expect(try folder.column("SELECT count(*) FROM log_streams") == ["40"])
    // What an event begins with is the name of its stream.
    let strays = try folder.column(
      """
      SELECT count(*) FROM log_events AS e JOIN log_streams AS s ON s.id = e.log_stream_id
      WHERE e.message NOT LIKE s.name || ' %'
      """)
    #expect(strays == ["0"])
  }
}
