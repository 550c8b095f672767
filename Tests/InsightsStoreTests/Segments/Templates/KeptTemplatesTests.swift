@testable import InsightsSegments
import InsightsTestSupport
import InsightsText
import Testing

@testable import InsightsStore

@Suite("Templates that are kept between queries")
struct KeptTemplatesTests {
  private static let messages = (0..<500).map {
    Array("\($0 % 5 == 0 ? "ERROR-1" : "INFO-2") user \($0) of db-\($0 % 3)".utf8)
  }

  private func directory(of encoded: EncodedTemplates) throws -> TemplateDirectory {
    let block = try #require(encoded.blocks[.templates])
    return try #require(TemplateDirectory(block, eventCount: encoded.eventCount))
  }

  /// Counts the messages with a literal, reading only some of the blocks.
  private func count(
    _ literal: String, in directory: TemplateDirectory, _ blocks: [TemplatePart: [UInt8]]
  ) throws -> Int? {
    let templates = MessageTemplates(directory) { blocks[$0] }
    let composer = MessageComposer(templates, timestamps: { nil })
    let search = try #require(LiteralSearch(Array(literal.utf8)))
    guard let inTemplates = TemplateSearch(TemplateLiteral(search), in: templates, composer) else {
      return nil
    }
    return TemplateSearch.count([inTemplates], in: templates)
  }

  @Test("a second count of texts in one slot reads nothing")
  func counts() throws {
    let encoded = EncodedTemplates(Self.messages)
    let kept = try directory(of: encoded)
    #expect(kept.join(KeptTemplates.Memory(byteCount: 1 << 20)))
    for (literal, count) in [("ERROR", 100), ("db-1", 167), ("nothing", 0)] {
      #expect(try self.count(literal, in: kept, encoded.blocks) == count)
      #expect(try self.count(literal, in: kept, [:]) == count)
    }
    // Two slots may have it, so messages that have it twice must not count twice.
    #expect(try count("-1", in: kept, encoded.blocks) == 234)
  }

  @Test("what has no room is decoded again, and memory is given back")
  func memory() throws {
    let encoded = EncodedTemplates(Self.messages)
    let memory = KeptTemplates.Memory(byteCount: 1 << 20)
    do {
      let kept = KeptTemplates(in: memory)
      kept.keep(try directory(of: encoded), of: 7)
      #expect(kept.templates(of: 7) != nil)
      #expect(kept.templates(of: 8) == nil)
      #expect(!memory.take(1 << 20))
    }
    #expect(memory.take(1 << 20))
    let kept = KeptTemplates(in: memory)
    let decoded = try directory(of: encoded)
    kept.keep(decoded, of: 7)
    #expect(kept.templates(of: 7) == nil)
    #expect(try count("ERROR", in: decoded, encoded.blocks) == 100)
  }
}
