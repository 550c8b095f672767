internal import Glibc

/// `ql_is_ip`, `ql_is_ipv4`, `ql_is_ipv6`, `ql_in_subnet`, `ql_in_subnet4`, `ql_in_subnet6`.
///
/// What is no address, or no subnet such as `192.0.2.0/24`, gives 0.
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
    ]
  }

  /// An address as a number in host order.
  struct Address {
    let value: UInt128
    let bits: Int

    init?(_ text: UnsafeBufferPointer<UInt8>) {
      // INET6_ADDRSTRLEN with its NUL; a NUL inside would hide what follows from `inet_pton`.
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
      // Network order: the first byte, lowest in memory, is the highest of the number.
      bits = isVersion6 ? 128 : 32
      value = UInt128(bigEndian: parsed) >> UInt128(128 - bits)
    }
  }

  private static func isAddress(_ call: SQLCall, bits: Int?) {
    guard !call.hasNull else { return }
    let address = call[0].withText { Address($0) }
    call.give(address.map { bits == nil || $0.bits == bits } ?? false)
  }

  private static func isInSubnet(_ call: SQLCall, bits: Int?) {
    guard !call.hasNull else { return }
    guard let address = call[0].withText({ Address($0) }), bits == nil || address.bits == bits,
      let subnet = call[1].withText({ subnet($0) }), subnet.base.bits == address.bits
    else {
      call.give(false)
      return
    }
    let hostBits = UInt128(address.bits - subnet.prefixLength)
    call.give(address.value >> hostBits == subnet.base.value >> hostBits)
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
