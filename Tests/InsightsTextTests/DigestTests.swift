import InsightsText
import Testing

@Suite("digests")
struct DigestTests {
  @Test(
    "MD5 and SHA-256 of runs of a, around the lengths at which the padding takes another block",
    arguments: [
      (
        0, "d41d8cd98f00b204e9800998ecf8427e",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
      ),
      (
        1, "0cc175b9c0f1b6a831c399e269772661",
        "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
      ),
      (
        55, "ef1772b6dff9a122358552954ad0df65",
        "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"
      ),
      (
        56, "3b0c8ac703f828b04c6c197006d17218",
        "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"
      ),
      (
        57, "652b906d60af96844ebd21b674f35e93",
        "f13b2d724659eb3bf47f2dd6af1accc87b81f09f59f2b75e5c0bed6589dfe8c6"
      ),
      (
        63, "b06521f39153d618550606be297466d5",
        "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34"
      ),
      (
        64, "014842d480b571495a4a0363793f7367",
        "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"
      ),
      (
        65, "c743a45e0d2e6a95cb859adae0248435",
        "635361c48bb9eab14198e76ea8ab7f1a41685d6ad62aa9146d301d4f17eb0ae0"
      ),
      (
        119, "8a7bd0732ed6a28ce75f6dabc90e1613",
        "31eba51c313a5c08226adf18d4a359cfdfd8d2e816b13f4af952f7ea6584dcfb"
      ),
      (
        120, "5f61c0ccad4cac44c75ff505e1f1e537",
        "2f3d335432c70b580af0e8e1b3674a7c020d683aa5f73aaaedfdc55af904c21c"
      ),
      (
        1000, "cabe45dcc9ae5b66ba86600cca6b8ba8",
        "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3"
      ),
    ] as [(Int, String, String)])
  func runs(count: Int, md5: String, sha256: String) {
    withBytes([UInt8](repeating: UInt8(ascii: "a"), count: count)) { bytes in
      #expect(text { Hexadecimal.append(MD5.digest(of: bytes), to: &$0) } == md5)
      #expect(text { Hexadecimal.append(SHA256.digest(of: bytes), to: &$0) } == sha256)
    }
  }

  private func text(_ write: (inout [UInt8]) -> Void) -> String {
    var output: [UInt8] = []
    write(&output)
    return String(decoding: output, as: UTF8.self)
  }
}
