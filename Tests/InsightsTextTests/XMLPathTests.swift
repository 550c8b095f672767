import InsightsText
import Testing

@Suite("XML paths")
struct XMLPathTests {
  private static let event = """
    at 9: <?xml version="1.0"?><!DOCTYPE Event><!-- <System/> -->
    <Event xmlns="http://x" id='e &amp; "1"'><System><Level >4</Level><EventID>4624</EventID></System>
    <EventData><Data Name="user">ann</Data><Data Name='host'>h&lt;1&#62; &#x41;&nope;</Data>
    <Data/><Data Name="empty"></Data><ns:Nested><Data>deep</Data></ns:Nested></EventData>
    <Raw>a<b>b</b><![CDATA[<c>&amp;]]></Raw></Event> and more
    """

  private func value(_ path: String, in text: String = event) throws -> String? {
    let path = try XMLPath(path)
    var output: [UInt8] = []
    let isFound = Array(text.utf8).withUnsafeBufferPointer {
      path.appendFirstValue(in: $0, to: &output)
    }
    return isFound ? String(decoding: output, as: UTF8.self) : nil
  }

  @Test(
    "a path leads to the first text or attribute",
    arguments: [
      ("/Event/System/EventID", "4624"), ("/Event/System/EventID/text()", "4624"),
      ("//EventID", "4624"), ("EventID", "4624"), ("/Event//Level", "4"), ("/*/*/Level", "4"),
      ("/Event/@id", "e & \"1\""), ("//@Name", "user"), ("//Data[2]/@Name", "host"),
      ("//Data[@Name='host']", "h<1> A&nope;"), ("//Data[@Name=\"user\"]", "ann"),
      ("/Event/EventData/Data", "ann"), ("/Event/EventData/Data[3]", ""),
      ("//Data[@Name='empty']", ""), ("//Data[@Name][2]", "h<1> A&nope;"),
      ("/Event/EventData/Nested/Data", "deep"), ("//ns:Nested/Data", "deep"),
      ("/Event/Raw", "ab<c>&amp;"),
    ])
  func found(path: String, expected: String) throws {
    #expect(try value(path) == expected)
  }

  @Test(
    "what is not there has no value",
    arguments: [
      "/System", "/Event/EventID", "//Nothing", "/Event/@nothing", "//Data[9]",
      "//Data[@Name='x']", "//System/Data", "/event",
    ])
  func notFound(path: String) throws {
    #expect(try value(path) == nil)
  }

  @Test(
    "text that is no XML, or breaks off, has no value and does no harm",
    arguments: [
      "", "plain", "<", "<a", "<a b", "<a b='", "<a>", "<a>text", "<a><b>x</b>", "</a></a><a",
      "<!--", "<![CDATA[", "<?", "<!", "< a>x</a>", "<a/b>", "<a ='x'>",
    ])
  func broken(text: String) throws {
    #expect(try value("/a/c", in: text) == nil)
  }

  @Test("a tag that only looks like one is text")
  func smallerThan() throws {
    #expect(try value("/a", in: "<a>1 < 2</a>") == "1 < 2")
  }

  @Test("deep nesting ends the search")
  func depth() throws {
    let text = String(repeating: "<a>", count: 200_000) + "x"
    #expect(try value("//b", in: text) == nil)
  }

  @Test(
    "paths that cannot be read are refused with the place of the fault",
    arguments: [
      ("", 0), ("/", 1), ("a b", 1), ("/a/", 3), ("/a[", 3), ("/a[0]", 4), ("/a[1", 4),
      ("/a[@]", 4), ("/a[@b=c]", 6), ("/a[@b='c]", 6), ("/@id", 0), ("/a/@b/c", 5),
      ("/a/text()/b", 9), ("a[1]b", 4),
    ])
  func malformed(path: String, offset: Int) {
    let error = #expect(throws: XMLPath.SyntaxError.self) { try XMLPath(path) }
    #expect(error?.offset == offset)
  }
}
