/// Writes documents as one self-contained HTML page.
struct HTMLDocumentWriter {
  func write(_ document: Document, to output: inout OutputBuffer) throws(OutputError) {
    try HTMLPage.write(title: document.title, to: &output) { output throws(OutputError) in
      try HTMLBlocks.append(document.blocks, to: &output)
    }
  }
}
