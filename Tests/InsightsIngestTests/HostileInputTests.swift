import Foundation
import InsightsIngest
import InsightsStore
import Testing

@Suite("Hostile input")
struct HostileInputTests {
  /// Samples with bytes changed, cut out and repeated: each must be read to its end.
  @Test("damaged samples do no harm", arguments: SampleTests.files)
  func damaged(_ file: String) throws {
    let folder = try TemporaryFolder()
    let sample = try Data(contentsOf: URL(fileURLWithPath: SampleTests.folder + "/" + file))
    var generator = Numbers(state: UInt64(sample.count))
    var paths: [String] = []
    for variant in 0..<16 {
      var bytes = Array(sample)
      for _ in 0..<(1 + variant) where !bytes.isEmpty {
        let place = Int(generator.next() % UInt64(bytes.count))
        let length = min(Int(generator.next() % 200), bytes.count - place)
        switch generator.next() % 4 {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: generator.next())
        case 1: bytes.removeSubrange(place..<place + length)
        case 2: bytes.insert(contentsOf: bytes[place..<place + length], at: place)
        default: bytes.removeSubrange(place...)
        }
      }
      paths.append(try folder.write(bytes, to: "in/\(variant)"))
    }
    let summary = try folder.ingest(paths)
    #expect(summary.files == paths.count)
    #expect(try folder.column("PRAGMA integrity_check") == ["ok"])
    let again = try folder.ingest(paths)
    #expect(again.events == 0)
    #expect(again.invocations == 0)
    #expect(again.errors == 0)
  }

  @Test(
    "text in every format's name does no harm", arguments: LogFormatRegistry.descriptors.map(\.name)
  )
  func wrongFormat(_ name: String) throws {
    let folder = try TemporaryFolder()
    let text = "}{\"events\":[{]\n2026-03-04T10:00:00.000Z \n\n\"\\u\nTraceback\n{\"events\":[1,{}"
    let file = try folder.write(text, to: "a")
    let summary = try folder.ingest([file], options: ImportOptions(logFormat: name))
    #expect(summary.files == 1)
  }
}

/// A small generator of the same numbers every time.
private struct Numbers {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state >> 33
  }
}
