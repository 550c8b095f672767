import InsightsText
import Testing

@Suite("lines whose values have no keys")
struct DelimitedFieldsTests {
  private static let flow =
    "2 123456789010 eni-a 192.0.2.10 10.0.0.5 443 50000 6 10 1000 1672628640 1672628700 ACCEPT OK"
  private static let query =
    "1.0 2017-12-13T08:15:50.235Z Z123412341234 example.com AAAA NOERROR TCP IAD12 192.0.2.0 -"

  private func text(of name: String, in line: String) -> String? {
    withBytes(of: line) { bytes in
      withBytes(of: name) { DelimitedFields.value(of: $0, in: bytes) }.map {
        String(decoding: bytes[$0.range], as: UTF8.self) + ($0.isNumber ? " number" : "")
      }
    }
  }

  @Test("values by name, numbers as numbers")
  func values() {
    #expect(text(of: "version", in: Self.flow) == "2")
    #expect(text(of: "srcPort", in: Self.flow) == "443 number")
    #expect(text(of: "logStatus", in: Self.flow) == "OK")
    #expect(text(of: "logStatus", in: Self.flow + "\n") == "OK")
    #expect(text(of: "queryName", in: Self.query) == "example.com")
    #expect(text(of: "ednsClientSubnet", in: Self.query) == nil)
    #expect(text(of: "queryName", in: Self.flow) == nil)
    #expect(text(of: "SRCPORT", in: Self.flow) == nil)
    #expect(text(of: "", in: Self.flow) == nil)
  }

  @Test("a line cut anywhere, or with a byte changed to a blank, has no field")
  func damage() {
    for line in [Self.flow, Self.query] {
      for count in 0..<line.utf8.count - 2 {
        #expect(text(of: "version", in: String(line.prefix(count))) == nil)
      }
    }
    for index in Array(Self.flow.utf8).indices {
      var bytes = Array(Self.flow.utf8)
      guard bytes[index] != UInt8(ascii: " ") else { continue }
      bytes[index] = UInt8(ascii: " ")
      // A blank at the end is only white space, and leaves "O".
      #expect(text(of: "version", in: String(decoding: bytes, as: UTF8.self)) == nil)
    }
  }
}
