internal import Glibc

/// `ql_is_ip`, `ql_is_ipv4`, `ql_is_ipv6`, `ql_in_subnet`, `ql_in_subnet4`, `ql_in_subnet6`,
/// `ql_is_private_ip`, `ql_is_public_ip`, `ql_is_reserved_ip`, `ql_ipv4_number`.
///
/// An invalid address or subnet (such as `192.0.2.0/24`) returns 0, or no number.
enum AddressFunctions {
  static var all: [SQLFunction] {
    [
      SQLFunction("ql_is_ip", arguments: 1) {
        AddressFunctions.isAddress(SQLCall($0, $1, $2), bits: nil)
      },
      SQLFunction("ql_is_ipv4", arguments: 1) {
        AddressFunctions.isAddress(SQLCall($0, $1, $2), bits: 32)
      },
      SQLFunction("ql_is_ipv6", arguments: 1) {
        AddressFunctions.isAddress(SQLCall($0, $1, $2), bits: 128)
      },
      SQLFunction("ql_in_subnet", arguments: 2) {
        AddressFunctions.isInSubnet(SQLCall($0, $1, $2), bits: nil)
      },
      SQLFunction("ql_in_subnet4", arguments: 2) {
        AddressFunctions.isInSubnet(SQLCall($0, $1, $2), bits: 32)
      },
      SQLFunction("ql_in_subnet6", arguments: 2) {
        AddressFunctions.isInSubnet(SQLCall($0, $1, $2), bits: 128)
      },
      SQLFunction("ql_is_private_ip", arguments: 1) {
        AddressFunctions.isOfUse(SQLCall($0, $1, $2), .private)
      },
      SQLFunction("ql_is_public_ip", arguments: 1) {
        AddressFunctions.isOfUse(SQLCall($0, $1, $2), .public)
      },
      SQLFunction("ql_is_reserved_ip", arguments: 1) {
        AddressFunctions.isOfUse(SQLCall($0, $1, $2), .reserved)
      },
      SQLFunction("ql_ipv4_number", arguments: 1) {
        AddressFunctions.number(SQLCall($0, $1, $2))
      },
    ]
  }

  /// An address as a number in host byte order.
  struct Address {
    let value: UInt128
    let bits: Int

    init?(_ text: UnsafeBufferPointer<UInt8>) {
      // INET6_ADDRSTRLEN includes the NUL; `inet_pton` would ignore the text after an embedded NUL.
      guard text.count > 0, text.count < 46, !text.contains(0) else { return nil }
      let isVersion6 = text.contains(UInt8(ascii: ":"))
      var parsed: UInt128 = 0
      let isAddress = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 46) { string in
        for index in text.indices { string[index] = CChar(bitPattern: text[index]) }
        string[text.count] = 0
        guard let start = string.baseAddress else { return false }
        return inet_pton(isVersion6 ? AF_INET6 : AF_INET, start, &parsed) == 1
      }
      guard isAddress else { return nil }
      // Network byte order: the first byte in memory is the highest of the number.
      bits = isVersion6 ? 128 : 32
      value = UInt128(bigEndian: parsed) >> UInt128(128 - bits)
    }
  }

  /// The use of an address; each has exactly one.
  private enum Use { case `private`, `public`, reserved }

  /// The networks of RFC 1918: first address and prefix length.
  private static let privateNetworks: [(base: UInt32, prefixLength: UInt32)] = [
    (0x0A00_0000, 8), (0xAC10_0000, 12), (0xC0A8_0000, 16),
  ]

  /// IANA's other special-purpose networks: this network, shared, loopback, link-local, protocol
  /// assignments, documentation, 6to4 relays, benchmarks, multicast and reserved.
  private static let reservedNetworks: [(base: UInt32, prefixLength: UInt32)] = [
    (0x0000_0000, 8), (0x6440_0000, 10), (0x7F00_0000, 8), (0xA9FE_0000, 16), (0xC000_0000, 24),
    (0xC000_0200, 24), (0xC058_6300, 24), (0xC612_0000, 15), (0xC633_6400, 24),
    (0xCB00_7100, 24), (0xE000_0000, 4), (0xF000_0000, 4),
  ]

  private static func use(of address: Address) -> Use {
    guard address.bits == 32 else {
      // IANA assigns addresses of 2000::/3; in it 2001:db8::/32 is for documentation.
      let isGlobal = address.value >> 125 == 1 && address.value >> 96 != 0x2001_0DB8
      return isGlobal ? .public : .reserved
    }
    let value = UInt32(truncatingIfNeeded: address.value)
    func isInside(_ network: (base: UInt32, prefixLength: UInt32)) -> Bool {
      (value ^ network.base) >> (32 - network.prefixLength) == 0
    }
    if privateNetworks.contains(where: isInside) { return .private }
    return reservedNetworks.contains(where: isInside) ? .reserved : .public
  }

  private static func isOfUse(_ call: SQLCall, _ use: Use) {
    guard !call.hasNull else { return }
    call.setResult(call[0].withText { Address($0) }.map { self.use(of: $0) == use } ?? false)
  }

  private static func number(_ call: SQLCall) {
    guard !call.hasNull, let address = call[0].withText({ Address($0) }), address.bits == 32 else {
      return
    }
    call.setResult(Int64(address.value))
  }

  private static func isAddress(_ call: SQLCall, bits: Int?) {
    guard !call.hasNull else { return }
    let address = call[0].withText { Address($0) }
    call.setResult(address.map { bits == nil || $0.bits == bits } ?? false)
  }

  private static func isInSubnet(_ call: SQLCall, bits: Int?) {
    guard !call.hasNull else { return }
    guard let address = call[0].withText({ Address($0) }), bits == nil || address.bits == bits,
      let subnet = call[1].withText({ subnet($0) }), subnet.base.bits == address.bits
    else {
      call.setResult(false)
      return
    }
    let hostBits = UInt128(address.bits - subnet.prefixLength)
    call.setResult(address.value >> hostBits == subnet.base.value >> hostBits)
  }

  static func subnet(
    _ text: UnsafeBufferPointer<UInt8>
  ) -> (base: Address, prefixLength: Int)? {
    guard let slash = text.firstIndex(of: UInt8(ascii: "/")),
      let base = Address(UnsafeBufferPointer(rebasing: text[..<slash]))
    else { return nil }
    let digits = text[(slash + 1)...]
    guard (1...3).contains(digits.count) else { return nil }
    var length = 0
    for byte in digits {
      let digit = byte &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      length = length * 10 + Int(digit)
    }
    return length <= base.bits ? (base, length) : nil
  }
}
