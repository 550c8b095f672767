import Foundation
@testable import InsightsText
import Testing

@Suite("patterns")
struct PatternClusteringTests {
  private func patterns(of lines: [String]) -> [LogPattern] {
    let clustering = PatternClustering()
    for (index, line) in lines.enumerated() {
      var line = line
      line.withUTF8 { clustering.add($0, timestamp: Int64(index) * 1000) }
    }
    return clustering.patterns()
  }

  private func texts(of lines: [String]) -> [String] {
    patterns(of: lines).map { "\($0.count) \(String(decoding: $0.text, as: UTF8.self))" }
  }

  @Test(
    "patterns: the kinds of tokens",
    arguments: [
      ("at 2026-02-11T09:15:00.123Z", "at <Time-1>"),
      ("at 2026-02-11 09:15:00,123+01:00 ok", "at <Time-1> ok"),
      ("[11/Feb/2026:09:15:00 +0000] x", "[<Time-1>] x"),
      ("Wed Feb 11 09:15:00 2026 x", "<Time-1> x"),
      ("09:15:00 x", "<Time-1> x"),
      ("from 10.1.2.3", "from <IP-1>"),
      ("from 10.1.2.3:443, x", "from <IP-1>, x"),
      ("from fe80::1ff:fe23:4567:890a", "from <IP-1>"),
      ("RequestId: 3f1c2d9e-8c41-4c7e-9f1a-0b9d7c2e5a11 x", "RequestId: <ID-1> x"),
      ("mac 64:d9:89:6b:b5:33", "mac <ID-1>"),
      ("at 0xdeadBEEF", "at <ID-1>"),
      ("commit 9f86d081", "commit <ID-1>"),
      ("took 12.5ms", "took <Number-1>"),
      ("took -3 of 1.16 KB", "took <Number-1> of <Number-2>"),
      (
        "read 1536 bytes (1.5 KB), sent 20 bytes",
        "read <Number-1> bytes<Token-2>, sent <Number-3> bytes"
      ),
      ("lifetime <1 sec", "lifetime <Number-1>"),
      ("(<2 of 3>)", "(<<Number-1> of <Number-2>>)"),
      ("v1.12.3 and v2", "v<Number-1> and v2"),
      ("build 2.6.5-1.358, jetty-6.1.26", "build <ID-1>, jetty-<ID-2>"),
      ("blk_-5142 of job_1537864556_1", "blk_<Number-1> of job_<ID-2>"),
      ("order-4711 in us-east-1", "order-<Number-1> in us-east-1"),
      ("mask=ffffffff of a facade", "mask=<ID-1> of a facade"),
      ("open /var/task/app.py.", "open <Path-1>."),
      (#""GET /v1/orders/7?limit=10&x=y HTTP/1.1""#, #""GET <Path-1> HTTP/<Number-2>""#),
      ("GET /health, and/or /tmp", "GET /health, and/or /tmp"),
      ("(/opt/a/) </b></i>", "(<Path-1>) </b></i>"),
      (#"in C:\Temp\a.txt: x"#, "in <Path-1>: x"),
      ("see https://example.com/a(b).", "see <URL-1>(b)."),
      ("from s3://bucket/key, x", "from <URL-1>, x"),
      ("call arn:aws:lambda:eu-west-1:123456789012:function:f failed", "call <ID-1> failed"),
      ("at db.example.com:5432.", "at <Host-1>."),
      ("at ip-10-0-0-1.ec2.internal and node-3:8080", "at <Host-1> and <Host-2>"),
      ("com.example.Orders.run(Orders.java:17)", "com.example.Orders.run(Orders.java:<Number-1>)"),
      ("java.io.IOException: closed", "java.io.IOException: closed"),
      ("app.module.ts:57:12", "app.module.ts:<Number-1>:<Number-2>"),
      ("order-id:12345, x:\\ny", "order-id:<Number-1>, x:\\ny"),
      ("id=7,name=x", "id=<Number-1>,name=x"),
      ("worker-3 is up.", "worker-3 is up."),
      ("naïve 日本 text", "naïve 日本 text"),
      ("  a \t b\r\n", "a\tb"),
      ("", ""),
    ])
  func tokenKinds(line: String, pattern: String) {
    #expect(texts(of: [line]) == ["1 \(pattern)"])
  }

  @Test(
    "patterns: a number is a token also where it never varies; digits of a name only if they do")
  func constantNumbers() {
    #expect(
      texts(of: ["status 200 in 5 ms", "status 200 in 7 ms"])
        == ["2 status <Number-1> in <Number-2> ms"])
    #expect(texts(of: ["worker-1 up", "worker-1 up"]) == ["2 worker-1 up"])
    #expect(texts(of: ["worker-1 up", "worker-2 up"]) == ["2 worker-<Number-1> up"])
    #expect(texts(of: ["link eth0 up", "link eth1 up"]) == ["2 link eth<Number-1> up"])
  }

  @Test("patterns: a size in words is the same with and without the note behind it")
  func notes() {
    #expect(
      texts(of: ["closed, 1536 bytes (1.50 KB) sent", "closed, 20 bytes sent"])
        == ["2 closed, <Number-1> bytes<Token-2> sent"])
  }

  @Test("patterns: the first word that is no mark tells patterns apart, unless there are many")
  func heads() {
    let services = ["cupsd", "syslogd", "klogd", "portmap", "hcid", "sdpd"]
    #expect(texts(of: services.map { "\($0) startup succeeded" }).count == 6)
    #expect(texts(of: services.map { "09:15:00 \($0) startup succeeded" }).count == 6)
    let letters = "abcdefghijklmnopqrstuvwxyz"
    #expect(
      texts(of: letters.map { "user\($0) startup succeeded" })
        == ["26 <Token-1> startup succeeded"])
    #expect(
      texts(of: services.map { "com.acme.\($0).Main started" }) == ["6 <Token-1> started"])
  }

  @Test("patterns: an empty place, and any value of a key that has marks, are values")
  func values() {
    #expect(
      texts(of: ["call from 10.0.0.1 () ok", "call from 10.0.0.2 (db.example.com) ok"])
        == ["2 call from <IP-1> (<Token-2>) ok"])
    #expect(
      texts(of: ["failed rhost=10.0.0.1 now", "failed rhost=local now"])
        == ["2 failed rhost=<Token-1> now"])
  }

  @Test("patterns: few different words are patterns of their own, many are a token")
  func words() {
    #expect(
      texts(of: ["door opened", "door closed", "door opened"])
        == ["2 door opened", "1 door closed"])
    let users = ["ann", "bob", "cid", "dan", "eve", "fay"]
    #expect(
      texts(of: users.map { "user=\($0); logged in" }) == ["6 user=<Token-1>; logged in"])
  }

  @Test("patterns: JSON without white space is taken apart")
  func json() {
    let users = ["ann", "bob", "cid", "dan", "eve", "fay"]
    #expect(
      texts(of: users.map { #"{"msg":"login","user":"\#($0)","ms":\#($0.count)}"# })
        == [#"6 {"msg":"login","user":"<Token-1>","ms":<Number-2>}"#])
  }

  @Test("patterns: the order of lines does not matter")
  func order() {
    var generator = SmallGenerator(state: 7)
    let lines = (0..<2000).map { index in
      let user = ["ann", "bob", "cid", "dan", "eve", "fay", "gus"][generator.next(7)]
      return ["user \(user) logged in", "job \(index) took \(generator.next(9)) ms", "done"][
        generator.next(3)]
    }
    let expected = texts(of: lines)
    #expect(expected.count == 3)
    #expect(texts(of: lines.reversed()) == expected)
    #expect(texts(of: lines.shuffled(using: &generator)) == expected)
  }

  @Test("patterns: counts add up, and the regex of a pattern matches its lines")
  func regexes() throws {
    var generator = SmallGenerator(state: 3)
    let words = [
      "a", "b(c)", "x=1", "[y]", "q?", "*", "\\d", "10.0.0.1", "é", "\t", "|", "#", "\"",
    ]
    let lines = (0..<500).map { _ in
      (0...generator.next(6)).map { _ in words[generator.next(words.count)] }.joined(separator: " ")
    }
    let patterns = patterns(of: lines)
    #expect(patterns.reduce(0) { $0 + $1.count } == lines.count)
    let matcher = RegularExpressionMatcher()
    for pattern in patterns {
      let regex = try RegularExpression(pattern: String(decoding: pattern.regex, as: UTF8.self))
      for sample in pattern.samples.samples {
        let match = sample.text.withUnsafeBufferPointer { regex.matches($0, using: matcher) }
        #expect(match == .match, "\(String(decoding: sample.text, as: UTF8.self))")
      }
    }
  }

  @Test("patterns: random bytes are read, and give valid JSON")
  func randomBytes() {
    var generator = SmallGenerator(state: 11)
    let clustering = PatternClustering()
    for _ in 0..<3000 {
      let line = (0..<generator.next(60)).map { _ in
        generator.next(3) == 0
          ? UInt8(truncatingIfNeeded: generator.next(256))
          : Array("0123456789abT:.-/ {\"=,x".utf8)[generator.next(23)]
      }
      line.withUnsafeBufferPointer { clustering.add($0, timestamp: nil) }
    }
    let json = clustering.json()
    #expect((try? JSONSerialization.jsonObject(with: Data(json))) is [Any])
    #expect(clustering.patterns().reduce(0) { $0 + $1.count } == 3000)
  }

  @Test("patterns: hostile lines take time in proportion to their length")
  func hostileLines() {
    let clustering = PatternClustering()
    let million = 1_000_000
    let lines: [[UInt8]] = [
      Array(repeating: UInt8(ascii: "1"), count: million),
      Array(repeating: UInt8(ascii: ":"), count: million),
      Array(repeating: UInt8(ascii: "a"), count: million),
      Array(repeating: UInt8(ascii: "."), count: million),
      (0..<million).map { $0.isMultiple(of: 2) ? UInt8(ascii: "a") : UInt8(ascii: " ") },
      (0..<million).map { Array("1-a".utf8)[$0 % 3] },
      (0..<million).map { Array("{\",:".utf8)[$0 % 4] },
      (0..<million).map { Array("7,".utf8)[$0 % 2] },
    ]
    for line in lines { line.withUnsafeBufferPointer { clustering.add($0, timestamp: 0) } }
    // A pattern of a long line is short: the rest of it is a token.
    #expect(clustering.patterns().allSatisfy { $0.text.count < 40_000 && $0.tokens.count < 700 })
  }

  @Test("patterns: more shapes than are told apart are counted all the same")
  func manyShapes() {
    let clustering = PatternClustering()
    let count = PatternClustering.shapeLimit + 5000
    for index in 0..<count {
      // Letters only, so that every line has a shape of its own.
      let letters = [1, 26, 676, 17_576].map { UInt8(ascii: "a") + UInt8(index / $0 % 26) }
      var line = "job " + String(decoding: letters, as: UTF8.self)
      line.withUTF8 { clustering.add($0, timestamp: nil) }
    }
    #expect(clustering.patterns().reduce(0) { $0 + $1.count } == count)
  }

  @Test("patterns: what is kept of lines is bounded, and all of them are counted")
  func boundedMemory() {
    let limit = 200_000
    let clustering = PatternClustering(keptByteLimit: limit)
    var generator = SmallGenerator(state: 5)
    var longestLine = 0
    for index in 0..<3000 {
      let letters = [1, 26, 676].map { UInt8(ascii: "a") + UInt8(index / $0 % 26) }
      let numbers = (0..<40).map { _ in String(generator.next(100)) }.joined(separator: " ")
      var line = "job " + String(decoding: letters, as: UTF8.self) + " " + numbers
      longestLine = max(longestLine, line.utf8.count)
      line.withUTF8 { clustering.add($0, timestamp: Int64(index)) }
    }
    // The line that reaches the limit may exceed it, by no more than its values, sample and shape.
    #expect(clustering.keptByteCount > limit)
    #expect(clustering.keptByteCount < limit + 400 * longestLine)
    let patterns = clustering.patterns()
    #expect(patterns.reduce(0) { $0 + $1.count } == 3000)
    #expect(patterns.contains { $0.text.starts(with: "job <Token-1>".utf8) && $0.count > 2000 })
  }

  @Test("patterns: lines of two periods are counted apart")
  func comparison() {
    let clustering = PatternClustering()
    for (index, text) in ["a 1", "a 2", "b c"].enumerated() {
      var line = text
      line.withUTF8 {
        clustering.add($0, timestamp: nil, isCurrent: index > 0, isCompared: index == 0)
      }
    }
    let patterns = clustering.patterns()
    #expect(patterns.map(\.count) == [1, 1])
    #expect(patterns.map(\.comparedCount) == [1, 0])
  }

  @Test(
    "patterns: a difference is told in words",
    arguments: [
      (5, 0, "new"), (0, 5, "not seen in this period"), (5, 5, "no difference"),
      (6, 4, "50% more events"), (1, 4, "75% fewer events"),
      (1001, 1000, "less than 1% more events"),
    ])
  func differences(current: Int, compared: Int, description: String) {
    let clustering = PatternClustering()
    for index in 0..<current + compared {
      var line = "order stored"
      line.withUTF8 {
        clustering.add(
          $0, timestamp: nil, isCurrent: index < current, isCompared: index >= current)
      }
    }
    let json = String(decoding: clustering.json(), as: UTF8.self)
    #expect(json.contains("\"differenceDescription\":\"\(description)\""))
  }

  @Test("patterns: a number behind a word for a status may be an error code")
  func statusTokens() throws {
    let clustering = PatternClustering()
    for end in ["200 in 7 ms, id k8x2q9z1", "503 in 9 ms, id a7b3c1z2"] {
      var line = "GET /a status: " + end
      line.withUTF8 { clustering.add($0, timestamp: nil) }
    }
    let rows = try JSONSerialization.jsonObject(with: Data(clustering.json())) as? [[String: Any]]
    let tokens = try #require(rows?.first?["tokens"] as? [[String: Any]])
      .filter { $0["isDynamic"] as? Bool == true }
    #expect(tokens.map { $0["inferredTokenName"] as? String } == ["Number-1", "Number-2", "ID-3"])
    #expect(tokens.map { $0["isNumeric"] as? Bool } == [true, true, false])
    #expect(tokens.map { $0["isErrorCode"] as? Bool } == [true, false, false])
    #expect(tokens.allSatisfy { $0["tokenType"] as? String == "DYNAMIC" })
    #expect(tokens.first?["enumerations"] as? [String: Int] == ["200": 1, "503": 1])
  }

  @Test("histogram: widens to at most 64 buckets, in any order")
  func histogram() {
    var up = TimeHistogram()
    var down = TimeHistogram()
    for minute in 0..<1000 { up.add(Int64(minute) * 60_000 - 5_000_000) }
    for minute in (0..<1000).reversed() { down.add(Int64(minute) * 60_000 - 5_000_000) }
    #expect(up.buckets.count <= 64)
    #expect(up.buckets.reduce(0) { $0 + $1.count } == 1000)
    #expect(up.width == down.width)
    #expect(up.buckets.map(\.number) == down.buckets.map(\.number))
    #expect(up.buckets.map(\.count) == down.buckets.map(\.count))
    var extremes = TimeHistogram()
    for time in [Int64.min, .max, 0] { extremes.add(time) }
    #expect(extremes.buckets.reduce(0) { $0 + $1.count } == 3)
  }
}

/// A random number generator that gives the same numbers everywhere.
struct SmallGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (state ^ (state >> 29)) &* 0x9E37_79B9_7F4A_7C15
  }

  mutating func next(_ count: Int) -> Int { Int((next() >> 33) % UInt64(count)) }
}
