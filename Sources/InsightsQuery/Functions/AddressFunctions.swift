internal import InsightsModel

extension Function {
  /// Functions of IP addresses; invalid addresses return 0.
  static let addresses: [Function] = [
    Function(
      "isValidIp", signature: "isValidIp(address)",
      summary: "1 for an IPv4 or IPv6 address, else 0.",
      examples: [("isValidIp(\"2001:db8::1\")", "1")], arguments: 1...1,
      computes: Operation(.isValidIp, .boolean)),
    Function(
      "isValidIpV4", signature: "isValidIpV4(address)", summary: "1 for an IPv4 address, else 0.",
      examples: [("isValidIpV4(\"256.1.1.1\")", "0")], arguments: 1...1,
      computes: Operation(.isValidIpV4, .boolean)),
    Function(
      "isValidIpV6", signature: "isValidIpV6(address)", summary: "1 for an IPv6 address, else 0.",
      examples: [("isValidIpV6(\"2001:db8::1\")", "1")], arguments: 1...1,
      computes: Operation(.isValidIpV6, .boolean)),
    Function(
      "isIpInSubnet", signature: "isIpInSubnet(address, cidr)",
      summary: "1 when the address lies in the subnet, IPv4 or IPv6.",
      examples: [("isIpInSubnet(\"2001:db8::1\", \"2001:db8::/32\")", "1")], arguments: 2...2,
      computes: Operation(.isIpInSubnet, .boolean)),
    Function(
      "isIpv4InSubnet", signature: "isIpv4InSubnet(address, cidr)",
      summary: "1 when the IPv4 address lies in the subnet.",
      examples: [
        ("isIpv4InSubnet(\"192.0.2.10\", \"192.0.2.0/24\")", "1"),
        ("isIpv4InSubnet(\"abc\", \"192.0.2.0/24\")", "0"),
      ],
      arguments: 2...2, computes: Operation(.isIpv4InSubnet, .boolean)),
    Function(
      "isIpv6InSubnet", signature: "isIpv6InSubnet(address, cidr)",
      summary: "1 when the IPv6 address lies in the subnet.",
      examples: [("isIpv6InSubnet(\"2001:db9::1\", \"2001:db8::/32\")", "0")], arguments: 2...2,
      computes: Operation(.isIpv6InSubnet, .boolean)),
    Function(
      "isPrivateIP", signature: "isPrivateIP(address)",
      summary: "1 for an IPv4 address of a private network (RFC 1918), else 0.",
      examples: [("isPrivateIP(\"172.31.0.9\")", "1"), ("isPrivateIP(\"172.32.0.9\")", "0")],
      arguments: 1...1, computes: Operation(.isPrivateIP, .boolean)),
    Function(
      "isReservedIP", signature: "isReservedIP(address)",
      summary:
        "1 for an address set aside for loopback, link-local, documentation and the like, else 0.",
      examples: [("isReservedIP(\"127.0.0.1\")", "1"), ("isReservedIP(\"10.0.0.1\")", "0")],
      arguments: 1...1, computes: Operation(.isReservedIP, .boolean)),
    Function(
      "isPublicIP", signature: "isPublicIP(address)",
      summary: "1 for an address that is neither private nor reserved, else 0.",
      examples: [("isPublicIP(\"8.8.8.8\")", "1"), ("isPublicIP(\"abc\")", "0")],
      arguments: 1...1, computes: Operation(.isPublicIP, .boolean)),
    Function(
      "ipv4ToNumber", signature: "ipv4ToNumber(address)",
      summary: "An IPv4 address as a number of 32 bits.",
      examples: [("ipv4ToNumber(\"192.0.2.1\")", "3221225985"), ("ipv4ToNumber(\"::1\")", "")],
      arguments: 1...1, computes: Operation(.ipv4ToNumber, .number)),
  ]
}
