internal import InsightsModel

extension Function {
  /// Functions of IP addresses; what is no address gives 0.
  static let addresses: [Function] = [
    Function(
      "isValidIp", signature: "isValidIp(address)",
      summary: "1 for an IPv4 or IPv6 address, else 0.",
      examples: [("isValidIp(\"2001:db8::1\")", "1")], arguments: 1...1, type: .boolean,
      sql: "ql_is_ip({0})"),
    Function(
      "isValidIpV4", signature: "isValidIpV4(address)", summary: "1 for an IPv4 address, else 0.",
      examples: [("isValidIpV4(\"256.1.1.1\")", "0")], arguments: 1...1, type: .boolean,
      sql: "ql_is_ipv4({0})"),
    Function(
      "isValidIpV6", signature: "isValidIpV6(address)", summary: "1 for an IPv6 address, else 0.",
      examples: [("isValidIpV6(\"2001:db8::1\")", "1")], arguments: 1...1, type: .boolean,
      sql: "ql_is_ipv6({0})"),
    Function(
      "isIpInSubnet", signature: "isIpInSubnet(address, cidr)",
      summary: "1 when the address lies in the subnet, IPv4 or IPv6.",
      examples: [("isIpInSubnet(\"2001:db8::1\", \"2001:db8::/32\")", "1")], arguments: 2...2,
      type: .boolean, sql: "ql_in_subnet({*})"),
    Function(
      "isIpv4InSubnet", signature: "isIpv4InSubnet(address, cidr)",
      summary: "1 when the IPv4 address lies in the subnet.",
      examples: [
        ("isIpv4InSubnet(\"192.0.2.10\", \"192.0.2.0/24\")", "1"),
        ("isIpv4InSubnet(\"abc\", \"192.0.2.0/24\")", "0"),
      ],
      arguments: 2...2, type: .boolean, sql: "ql_in_subnet4({*})"),
    Function(
      "isIpv6InSubnet", signature: "isIpv6InSubnet(address, cidr)",
      summary: "1 when the IPv6 address lies in the subnet.",
      examples: [("isIpv6InSubnet(\"2001:db9::1\", \"2001:db8::/32\")", "0")], arguments: 2...2,
      type: .boolean, sql: "ql_in_subnet6({*})"),
  ]
}
