import InsightsModel
import InsightsClickHouse
import InsightsStore
import InsightsThreads
import Testing

@Suite("the address of a ClickHouse server")
struct ClickHouseAddressTests {
  @Test(
    "is read, and what is left out has its usual value",
    arguments: [
      ("clickhouse://h", "clickhouse://default@h:8123/default"),
      ("clickhouses://h", "clickhouses://default@h:8443/default"),
      ("clickhouse://ann@h:9/logs", "clickhouse://ann@h:9/logs"),
      ("clickhouse://ann@h/", "clickhouse://ann@h:8123/default"),
      ("ClickHouse://h/x", "clickhouse://default@h:8123/x"),
      ("clickhouse://[::1]:81/x", "clickhouse://default@[::1]:81/x"),
      ("clickhouse://[fe80::1]/x", "clickhouse://default@[fe80::1]:8123/x"),
      ("clickhouse://a%40b@h/d%2Fe+f", "clickhouse://a%40b@h:8123/d%2Fe%2Bf"),
      ("clickhouse://a@b@h/x", "clickhouse://a%40b@h:8123/x"),
      ("clickhouse://h/%C3%A9", "clickhouse://default@h:8123/%C3%A9"),
    ])
  func reading(text: String, whole: String) throws {
    let address = try ClickHouseAddress(text)
    #expect(address.description == whole)
    #expect(try ClickHouseAddress(whole) == address)
  }

  @Test(
    "is refused with a reason",
    arguments: [
      ("clickhouse://", "has no host"), ("clickhouse:///x", "has no host"),
      ("clickhouse://@h", "no user"), ("clickhouse://h:0", "is no port"),
      ("clickhouse://h:65536/x", "is no port"), ("clickhouse://h:/x", "is no port"),
      ("clickhouse://h:81:82", "is no port"), ("clickhouse://[::1", "no ']'"),
      ("clickhouse://[::1]x", "behind the host"), ("clickhouse://h/x?y=1", "behind the database"),
      ("clickhouse://a b/x", "has no host"), ("clickhouse://h/%ff", "is no text"),
      ("logs.db", "is no address"),
    ])
  func refusing(text: String, reason: String) {
    let problem = #expect(throws: ClickHouseAddress.Problem.self) {
      _ = try ClickHouseAddress(text)
    }
    #expect(problem?.message.contains(reason) == true, "\(problem?.message ?? "")")
    #expect(problem?.help.isEmpty == false)
  }

  @Test("a password in it is refused and not repeated")
  func password() {
    let problem = #expect(throws: ClickHouseAddress.Problem.self) {
      _ = try ClickHouseAddress("clickhouse://ann:tiger@h/x")
    }
    #expect(problem?.message.contains("tiger") == false)
    #expect(problem?.help.contains("INSIGHTS_CLICKHOUSE_PASSWORD") == true)
  }

  @Test("is told from a file")
  func recognition() {
    #expect(ClickHouseAddress.recognizes("clickhouse://h"))
    #expect(ClickHouseAddress.recognizes("CLICKHOUSES://h"))
    for name in ["logs.db", "clickhouse", "clickhouse:/x", "./clickhouse://x", "http://h", ""] {
      #expect(!ClickHouseAddress.recognizes(name), "\(name)")
    }
  }

  #if !ClickHouse
    @Test("a program that was built without the client says so")
    func withoutClient() throws {
      let error = #expect(throws: StoreError.self) {
        _ = try ClickHouseClient(ClickHouseAddress(host: "127.0.0.1"))
          .version(cancellation: Cancellation())
      }
      guard case .remote(let failure)? = error else { return }
      #expect(failure.kind == .unavailable)
      #expect(failure.help == ["build it with the package trait 'ClickHouse'"])
    }
  #endif
}
