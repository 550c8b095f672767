@testable import InsightsIngest

extension LogEventBatch {
  /// The messages of the events.
  var messages: [String] {
    withTexts { texts in events.map { String(decoding: texts[$0.message], as: UTF8.self) } }
  }
}
