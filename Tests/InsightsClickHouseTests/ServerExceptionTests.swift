import InsightsModel
import InsightsStore
import Testing

@testable import InsightsClickHouse

@Suite("errors of a ClickHouse server")
struct ServerExceptionTests {
  @Test("code, name and text are taken apart")
  func parsing() {
    let exception = ServerException(
      "Code: 60. DB::Exception: Unknown table expression identifier 'x' in scope SELECT (1). (UNKNOWN_TABLE) (version 26.9.2.1 (official build))\n"
    )
    #expect(exception.code == 60)
    #expect(exception.name == "UNKNOWN_TABLE")
    #expect(exception.text == "Unknown table expression identifier 'x' in scope SELECT (1)")
  }

  @Test(
    "what is no such text stays as it is",
    arguments: ["", "Not Found", "Code: x", "(", ")", "Code: 5", "a (B)"])
  func otherTexts(text: String) {
    let exception = ServerException(text)
    #expect(exception.text.utf8.count <= text.utf8.count)
    #expect(exception.code == (text == "Code: 5" ? 5 : 0))
  }

  @Test(
    "each has its kind, and a next step",
    arguments: [
      (516, RemoteFailure.Kind.unavailable), (81, .unavailable), (60, .unavailable),
      (497, .unavailable), (164, .unavailable), (115, .unavailable), (202, .unavailable),
      (159, .incomplete), (241, .incomplete), (396, .incomplete), (394, .incomplete),
      (243, .writeFailed), (252, .writeFailed),
    ])
  func kinds(code: Int, kind: RemoteFailure.Kind) {
    let address = ClickHouseAddress(host: "h", user: "an`n", database: "d")
    let failure = ServerException("Code: \(code). DB::Exception: why. (X)").failure(address)
    #expect(failure.kind == kind)
    #expect(failure.code == code)
    #expect(!failure.help.isEmpty)
    #expect(failure.notes == ["ClickHouse \(code): why"])
  }

  @Test("who may change no setting is told what an administrator can do")
  func readOnlyUser() {
    let address = ClickHouseAddress(host: "h", user: "an`n")
    let failure = ServerException(
      "Code: 164. DB::Exception: Cannot modify 'max_threads' setting in readonly mode. (READONLY)"
    ).failure(address)
    #expect(failure.kind == .unavailable)
    #expect(failure.help[0].hasSuffix(#"SETTINGS readonly = 2 TO `an\`n`"#))
  }

  private static let tag = "abcdefghijklmnop"
  private static let block =
    "\r\n__exception__\r\n\(tag)\r\nCode: 395. DB::Exception: one\ntwo (X)\n39 \(tag)\r\n__exception__\r\n"

  @Test("an error behind rows is found, however the bytes come", arguments: 1...70)
  func errorBehindRows(pieceSize: Int) {
    let bytes = Array(("rows\r\n__exception__\r\nno" + Self.block).utf8)
    var errors = ExceptionBlock(tag: Self.tag)
    var rows: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: pieceSize) {
      rows += errors.rows(of: Array(bytes[start..<min(start + pieceSize, bytes.count)]))
    }
    #expect(String(decoding: rows, as: UTF8.self) == "rows\r\n__exception__\r\nno")
    #expect(errors.message == "Code: 395. DB::Exception: one\ntwo (X)")
  }

  @Test("rows without an error come out whole", arguments: [0, 1, 5, 1000], [1, 7, 64, 4096])
  func noError(count: Int, pieceSize: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    var errors = ExceptionBlock(tag: Self.tag)
    var rows: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: pieceSize) {
      rows += errors.rows(of: Array(bytes[start..<min(start + pieceSize, bytes.count)]))
    }
    #expect(errors.message == nil)
    #expect(rows + errors.rest() == bytes)
  }

  @Test("an error that is cut short is told as far as it came")
  func cutError() {
    var errors = ExceptionBlock(tag: Self.tag)
    _ = errors.rows(of: Array("rows\r\n__exception__\r\n\(Self.tag)\r\nCode: 395. DB::Exc".utf8))
    #expect(errors.message == "Code: 395. DB::Exc")
  }

  @Test("an older server's error is found at the end")
  func untaggedError() {
    var errors = ExceptionBlock(tag: "")
    let text = "rows Code: 395. DB::Exception: why (X)"
    #expect(errors.rows(of: Array(text.utf8)) == Array(text.utf8))
    #expect(errors.message == "Code: 395. DB::Exception: why (X)")
    #expect(errors.rest().isEmpty)
  }

  @Test("names are quoted")
  func identifiers() {
    #expect("a".clickHouseIdentifier == "`a`")
    #expect(#"a`b\"#.clickHouseIdentifier == #"`a\`b\\`"#)
  }
}
