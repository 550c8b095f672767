import Foundation
import InsightsIngest
import InsightsTestSupport
import Testing

@Suite("log formats")
struct FormatsDocumentTests {
  static let generated = "Documentation/Formats.md"

  @Test("Documentation/Formats.md is made of the formats' own descriptions")
  func documentIsUpToDate() throws {
    var text = """
      <!-- Generated from the log formats by `make golden`; do not edit. -->

      # Log formats

      `insights ingest` recognises a file by its content, never by its name; `--log-format NAME` overrides.
      The formats are tried in this order, and the last takes any text. gzip (also of several members), zstd
      and either inside the other are inflated first; UTF-16, byte order marks and Windows line ends are read
      as what they mean, with a warning.

      What a file does not say stays unknown: the log group of an S3 export, the stream of a console CSV.
      `--log-group` and `--log-stream` say it where you know it. Times without a zone are read as UTC.

      In a folder, files whose names begin with `.` or `README` and the object `aws-logs-write-test` are
      skipped, as are stores and other SQLite databases; a folder that links lead to again is read once. Zip and tar archives, Excel workbooks and Parquet files are
      not read; the warning says what to do instead.

      Limits, each told by a warning when it is met: the text of an event 8 MB (the rest is left out), a JSON
      or CSV record 32 MB (it is left out), compressed data 1 GB or 100 times its size, whichever is more
      (the rest is left out; `--inflate-limit BYTES` changes it), the data of one subscription record 64 MB.

      | format | what it is |
      | --- | --- |

      """
    for format in LogFormatRegistry.descriptors {
      text +=
        "| [`\(format.name)`](#\(format.name)) | \(format.summary.replacing("|", with: "\\|")) |\n"
    }
    for format in LogFormatRegistry.descriptors {
      text += "\n## \(format.name)\n\n````text\n\(format.sample)"
      if !format.sample.hasSuffix("\n") { text += "\n" }
      text += "````\n"
    }
    let isUpToDate = (try? Repository.text(of: Self.generated)) == text
    if !isUpToDate, Repository.isRecording {
      try Data(text.utf8).write(to: Repository.url(Self.generated))
    }
    #expect(isUpToDate, "run 'make golden' and review \(Self.generated)")
  }
}
