import InsightsModel
import Testing

@Suite("SQL functions: addresses")
struct AddressFunctionsTests {
  @Test(
    "addresses and subnets; what is neither gives 0",
    arguments: [
      ("ql_in_subnet4('192.0.2.10', '192.0.2.0/24')", 1),
      ("ql_in_subnet4('198.51.100.7', '192.0.2.0/24')", 0),
      ("ql_in_subnet4('abc', '192.0.2.0/24')", 0),
      ("ql_in_subnet4('2001:db8::1', '192.0.2.0/24')", 0), ("ql_is_ip('2001:db8::1')", 1),
      ("ql_is_ipv4('2001:db8::1')", 0), ("ql_is_ipv6('2001:db8::1')", 1),
      ("ql_is_ipv4('192.0.2.1')", 1), ("ql_is_ipv6('192.0.2.1')", 0),
      ("ql_in_subnet('2001:db8::1', '2001:db8::/32')", 1),
      ("ql_in_subnet6('2001:db9::1', '2001:db8::/32')", 0),
      ("ql_in_subnet6('192.0.2.1', '192.0.2.0/24')", 0),
      ("ql_in_subnet('192.0.2.1', '192.0.2.0/24')", 1), ("ql_is_ipv4('256.1.1.1')", 0),
      ("ql_is_ip('1.2.3')", 0), ("ql_is_ip('')", 0), ("ql_is_ip(' 1.2.3.4')", 0),
      ("ql_is_ip(12)", 0),
      ("ql_is_ip('1.2.3.4' || char(0))", 0), ("ql_is_ip('::ffff:192.0.2.1')", 1),
      ("ql_is_ip('fe80::1%eth0')", 0), ("ql_in_subnet('1.2.3.4', '0.0.0.0/0')", 1),
      ("ql_in_subnet('::1', '::/0')", 1), ("ql_in_subnet('1.2.3.4', '1.2.3.4/32')", 1),
      ("ql_in_subnet('1.2.3.5', '1.2.3.4/32')", 0), ("ql_in_subnet('1.2.3.4', '1.2.3.4/33')", 0),
      ("ql_in_subnet('1.2.3.4', '1.2.3.4')", 0), ("ql_in_subnet('1.2.3.4', '1.2.3.4/')", 0),
      ("ql_in_subnet('1.2.3.4', '1.2.3.4/x')", 0), ("ql_in_subnet('1.2.3.4', '/8')", 0),
      ("ql_in_subnet('1.2.3.4', '1.2.3.4/-1')", 0), ("ql_in_subnet('1.2.3.4', '1.2.3.4/9999')", 0),
      ("ql_in_subnet('1.2.255.4', '1.2.0.0/15')", 1), ("ql_in_subnet('1.4.0.0', '1.2.0.0/15')", 0),
      ("ql_in_subnet('::1', '::1/128')", 1),
    ])
  func addresses(expression: String, value: Int64) throws {
    #expect(try evaluate(expression) == .integer(value))
  }

  @Test(
    "a missing address has no answer", arguments: ["ql_is_ip(NULL)", "ql_in_subnet('::1', NULL)"])
  func missing(expression: String) throws {
    #expect(try evaluate(expression) == .null)
  }
}
