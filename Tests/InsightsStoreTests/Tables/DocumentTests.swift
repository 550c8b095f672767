import Testing

@testable import InsightsStore

/// What the API keeps beside logs comes back as it was put there.
@Suite("documents")
struct DocumentTests {
  private static func document(_ kind: String, _ name: String, _ content: String) -> StoredDocument
  {
    StoredDocument(kind: kind, name: name, modified: 1_700_000_000_000, content: content)
  }

  @Test("documents are kept by kind and name, replaced, listed in order and removed")
  func documents() throws {
    let store = try Store(.memory)
    let (b, a, other) = (
      Self.document("query", "b/ü", "{\"q\": 1}"), Self.document("query", "a", ""),
      Self.document("table", "a", "id,name\n1,é\n")
    )
    for document in [b, a, other] { try store.put(document) }
    #expect(try store.documents(kind: "query") == [a, b])
    #expect(try store.document(kind: "table", named: "a") == other)
    #expect(try store.document(kind: "table", named: "b/ü") == nil)
    let changed = Self.document("query", "a", "new")
    try store.put(changed)
    #expect(try store.documents(kind: "query") == [changed, b])
    #expect(try store.removeDocument(kind: "query", named: "a"))
    #expect(try !store.removeDocument(kind: "query", named: "a"))
    #expect(try store.documents(kind: "query") == [b])
    #expect(try store.documents(kind: "table") == [other])
  }

  @Test("a document of ten megabytes is kept whole")
  func largeDocument() throws {
    let store = try Store(.memory)
    let content = String(repeating: "0123456789abcdef\n", count: 650_000)
    try store.put(Self.document("table", "large", content))
    #expect(try store.document(kind: "table", named: "large")?.content == content)
  }

  @Test("properties of a log group survive being written")
  func properties() throws {
    var properties = LogGroupProperties()
    #expect(properties.json == nil)
    properties.logGroupClass = "INFREQUENT_ACCESS"
    properties.retentionInDays = 3653
    properties.kmsKeyID = "arn:aws:kms:eu-west-1:1:key/\"x\""
    properties.isDeletionProtected = true
    properties.tags = ["team": "é\n\u{1F600}", "": "empty", "a\"b": ""]
    let json = try #require(properties.json)
    #expect(LogGroupProperties(json: json) == properties)
    #expect(LogGroupProperties(json: "[1]") == LogGroupProperties())
  }
}
