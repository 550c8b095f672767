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
      (also with frames to be skipped) and either inside the other are inflated first; UTF-16, byte order marks
      and Windows line ends are read as what they mean, with a warning.

      **JSON** is read record by record, whatever the file begins with: replies, subscription documents,
      rows, and events one a line may follow each other, with lines of text between them. A record is an
      event by what it holds, a message and a time or another part of an event, under any of their names
      (`timestamp`, `time`, `date`, `ts` …; `message`, `log`, `msg` …; `logGroup`, `logGroupName`,
      `logGroupIdentifier` …; `logStream`, `logStreamName`; `eventId`, `id`; `ingestionTime`; `owner`,
      `accountId`), in any spelling: `logStreamName`, `LogStreamName`, `log_stream_name`, `log-stream-name`,
      `@logStream`. Times are ISO 8601 and its relatives, or seconds, milli-, micro- or nanoseconds since 1970,
      as numbers or text, with a fraction or without. A message of another JSON type is kept as its JSON text,
      and an element of a list of events that has none is kept whole. An application's own object, with a level
      or other members, is the message, with the time that it tells. `@aws.account`, `@aws.region`, `@source.log`,
      `@data_source_name`, `@data_source_type`, `@data_format` and `@entity.KeyAttributes.*` of a record, or of its
      `extractedFields`, are fields of the event; what else was extracted is a part of the message. Times may also be objects
      (`{"$date": …}`, `{"seconds": …, "nanos": …}`, `{"epochSecond": …}`) and lists from the year on.

      What collectors, stores and transports write around an event is no part of it, whatever else they say: Splunk's HTTP event
      collector (`event`, `fields`), Filebeat (`awscloudwatch`, `aws.cloudwatch.*`), OpenTelemetry (`resourceLogs`; the body is the
      message, with the attributes where an application has put some of its own beside it), Vector, Fluentd and Fluent Bit,
      Datadog, Loki and Grafana, documents of OpenSearch (`_source`, `fields`), GELF, New Relic, Axiom, Honeycomb, Coralogix, Sumo Logic,
      LogScale, Dynatrace, SigNoz, Graylog, and tables whose columns have names (`columns`, `schema` or `fields`), with their cells by row or by
      column. Documents of logs are read where SQS, SNS, EventBridge, Firehose or a failed delivery carry them;
      other messages of these are kept whole. A record around a line of Lambda's own is a carrier's, whatever else it tells, and
      so are the records of the file that begin with the same name. A document with a list of events (`events`, `logs`, `logEntries`,
      `rows` …) holds them if what it says besides is a reply's (counts, pages, status), or if it is the whole file; a line with a level, a
      message, a request id, a time or other members of its own is an application's, and stays whole. The log group is what the record names: a function's name alone tells none.

      **Text** is read line by line. No part of a message are: a time before Lambda's own lines, alone or in
      brackets, with a blank, a TAB, a comma, a semicolon, a colon, ` - ` or ` | ` behind it, and a level between
      that and the line; and what these write before lines: `zappa tail`, `chalice logs`, `docker logs -t`, `docker compose
      logs`, `kubectl logs --timestamps` and `--prefix`, the log files of container runtimes, Papertrail's archives, Fluent Bit's output to the terminal, syslog (RFC 3164, the
      year being the last that fits, also without a host, and RFC 5424), journald, Heroku, Fluentd; and columns of a time, a log stream and
      a log group in any order, with the same sign behind each. Laid-out JSON and lines of a traceback belong to the line above
      them, but a line of Lambda's own or of a runtime's logger, or JSON on one line that tells its time, begins an event.
      Such lines begin an event also in the middle of a line, where the words before had no line end, as the runtime
      emulator prints them; the message of an error that nobody caught goes on up to its traceback.

      **CSV** has a header that is the whole first line: names, among them those of a time and a message.

      What a file does not say stays unknown: the log group of an S3 export, the stream of a console CSV.
      `--log-group` and `--log-stream` say it where you know it. Times without a zone are read as UTC.

      In a folder, files whose names begin with `.` or `README` and the object `aws-logs-write-test` are
      skipped, as are stores and other SQLite databases; a folder that links lead to again is read once. Archives (zip, tar, 7z, RAR), data compressed by others (bzip2, xz, lz4, snappy), Parquet, Avro and Arrow files, Excel workbooks and other binary data,
      `--output table` and `yaml` of AWS's command line, and its replies that hold no events (`describe-log-streams`, `start-query` …),
      and objects of SDKs as their languages print them are not read; the warning says what to do instead. What is left out of a file is counted, and named with the line of the first.

      Limits, each told by a warning when it is met: the text of an event 8 MB (the rest is left out), a JSON
      or CSV record 32 MB (it is left out), compressed data 1 GB or 100 times its size, whichever is more
      (the rest is left out; `--inflate-limit BYTES` changes it), the data of one subscription record 64 MB.

      ## Names and duplicates

      | you ingest | what happens |
      | --- | --- |
      | the same bytes again, as a file, compressed, or by a pipe | they count as `duplicates` |
      | a file that has grown | what is new is added |
      | the beginning of a file that is stored (64 bytes or more) | it counts as `duplicates` |
      | any of these with `--log-group` or `--log-stream` where that was unknown | the events that are there get the name, and all that is made of them follows: invocations and their attempts, errors, field indexes |
      | any of these with another name than the stored one | a warning; what is stored stays, what is new gets the new name; `--again` stores all under the new name too, once |
      | other files with the same events | an event is the same if its event id is, or its group, stream, millisecond and text are, as often as the fullest input has it; group or stream must be known |
      | files of unknown group and stream that overlap otherwise | each event is stored for each file; where START, END or REPORT lines with the same request, time and text show it, a warning says so. Ingesting both with `--log-group` afterwards leaves each event once |

      The streams of an S3 export are told by its folders, so equal files of two streams are two. After an ingest a note names the
      inputs whose log group is unknown, and a likely one where the log of a gateway names the function that it called and the
      request is in that input, or where the input begins with what is stored under a name. Nothing is named without being asked
      for. `insights ingest --dry-run` tells of each input the format, the log groups, the times, the numbers of events and what
      would be lost, and stores nothing.

      ## Formats

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
