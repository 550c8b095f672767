import Foundation
import InsightsTestSupport
import Testing

@Suite("serve")
struct ServeTests {
  @Test(
    "says its address on standard output, makes a missing store, and ends with 0",
    arguments: [SIGTERM, SIGINT])
  func life(signal: Int32) throws {
    let server = try ServerProgram()
    #expect(server.url.hasPrefix("http://127.0.0.1:"))
    #expect(server.port > 0)
    #expect(try server.send("GET /health").body == "ok\n")
    #expect(server.standardError.contains("\(server.url)/#token=\(server.token)"))
    #expect(server.stop(signal: signal) == 0)
    #expect(try server.output() == server.url + "\n")
    #expect(try server.files() == ["insights.db", "serve.err", "serve.out"])
  }

  @Test("a taken port is told, with 73")
  func takenPort() throws {
    let server = try ServerProgram()
    let output = try Program().run("serve", "--listen", "127.0.0.1:\(server.port)")
    #expect(output.status == 73)
    #expect(output.standardError.contains("is taken by another program"))
    #expect(output.standardOutput.isEmpty)
  }

  @Test("a store that is missing is an error where nothing may be written")
  func missingStore() throws {
    let program = try Program()
    #expect(try program.run("serve", "--read-only", "--listen", "127.0.0.1:0").status == 66)
    #expect(try program.files().isEmpty)
  }

  @Test(
    "wrong options are told with 64",
    arguments: [
      ["--listen", "127.0.0.1"], ["--listen", "::1:80"], ["--listen", "127.0.0.1:70000"],
      ["--listen", "0.0.0.0:0"], ["--listen", "192.168.1.1:0"], ["--access-key", "id"],
      ["--access-key", ":secret"], ["--token", ""], ["--read-only", "--follow", "x.log"],
    ])
  func usage(options: [String]) throws {
    let output = try Program().run(["serve"] + options)
    #expect(output.status == 64, "\(output.standardError)")
    #expect(output.standardOutput.isEmpty)
  }

  @Test("only requests that call the server by a name of its own are read")
  func hosts() throws {
    let server = try ServerProgram(["--allow-host", "logs.example"])
    func status(_ host: String) throws -> Int {
      try server.send("GET /health", ["Host: \(host)"]).status
    }
    for host in [
      "127.0.0.1", "127.0.0.1:1", "localhost:8080", "LOCALHOST", "[::1]:9", "stream-127.0.0.1:2",
      "streaming-localhost", "logs.example", "stream-logs.example:1", "localhost.",
    ] { #expect(try status(host) == 200, "\(host)") }
    for host in [
      "evil.example", "127.0.0.1.evil.example", "evil.example:\(server.port)", "stream-evil",
      "localhost.evil", "127.0.0.2", "0.0.0.0", "::1:80", "stream-stream-localhost", "",
    ] { #expect(try status(host) == (host.isEmpty ? 400 : 403), "\(host)") }
    for hosts in [
      ["localhost", "evil.example"], ["evil.example", "localhost"], ["localhost", "localhost"],
    ] {
      let answer = try server.send("GET /health", hosts.map { "Host: \($0)" })
      #expect(answer.status == 400, "\(hosts)")
    }
  }

  @Test("a page of another origin is refused, and nothing is ever said to be shared")
  func origins() throws {
    let server = try ServerProgram()
    func answer(_ headers: String...) throws -> ServerProgram.Answer {
      try server.send("GET /health", ["Host: localhost:\(server.port)"] + headers)
    }
    #expect(try answer("Origin: http://localhost:\(server.port)").status == 200)
    #expect(try answer("Sec-Fetch-Site: same-origin").status == 200)
    #expect(try answer("Sec-Fetch-Site: none").status == 200)
    for header in [
      "Origin: http://localhost", "Origin: http://127.0.0.1:\(server.port)",
      "Origin: http://evil.example", "Origin: null", "Sec-Fetch-Site: cross-site",
      "Sec-Fetch-Site: same-site",
    ] {
      let answer = try answer(header)
      #expect(answer.status == 403, "\(header)")
      #expect(!answer.headers.keys.contains { $0.hasPrefix("access-control-") })
    }
  }

  @Test("HEAD has the headers of GET and nothing behind them; other methods are told what is taken")
  func methods() throws {
    let server = try ServerProgram()
    for path in ["/", "/health", "/console.js", "/nothing"] {
      let (whole, head) = (try server.send("GET \(path)"), try server.send("HEAD \(path)"))
      #expect(head.status == whole.status, "\(path)")
      #expect(head.headers["content-length"] == whole.headers["content-length"], "\(path)")
      #expect(head.body.isEmpty && !whole.body.isEmpty, "\(path)")
    }
    for (line, allowed) in [("PUT /", "GET, POST"), ("DELETE /health", "GET")] {
      let answer = try server.send(line)
      #expect(answer.status == 405)
      #expect(answer.headers["allow"] == allowed)
    }
  }

  @Test("below /api everything needs the token, the AWS API does not")
  func token() throws {
    let server = try ServerProgram()
    #expect(try server.send("GET /api/nothing").status == 401)
    #expect(try server.send("GET /api/nothing", ["Authorization: Bearer x"]).status == 401)
    #expect(try server.send("GET /api/nothing", ["Authorization: \(server.token)"]).status == 401)
    let authorized = "Authorization: Bearer \(server.token)"
    #expect(try server.send("GET /api/nothing", [authorized]).status == 404)
    let answer = try server.send(
      "POST /logs", ["X-Amz-Target: Logs_20140328.DescribeLogGroups"], body: "{}")
    #expect(answer.status == 200)
    #expect(answer.body == #"{"logGroups":[]}"#)
  }

  @Test("the request log has methods and operations, and no text of the request")
  func requestLog() throws {
    let server = try ServerProgram(["--verbose"])
    _ = try server.send(
      "POST /", ["X-Amz-Target: x.DescribeLogGroups"], body: #"{"logGroupNamePrefix":"hidden"}"#)
    _ = try server.send("POST /hidden", ["X-Amz-Target: x.Hidden"], body: "{}")
    _ = try server.send("GET /api/hidden?hidden", ["Authorization: Bearer \(server.token)"])
    #expect(server.stop() == 0)
    let log = server.standardError.split(separator: "\n").filter { $0.hasPrefix("detail:") }
    #expect(log.count == 3)
    #expect(log[0].hasPrefix("detail: POST DescribeLogGroups 200 "))
    #expect(log[1].hasPrefix("detail: POST unknown operation 400 "))
    #expect(log[2].hasPrefix("detail: GET unknown path 404 "))
    #expect(!log.contains { $0.lowercased().contains("hidden") })
  }
}
