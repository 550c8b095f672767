extension PatternClustering {
  /// The patterns as a JSON array.
  ///
  /// Each is an object with `pattern`, `ratio` (its share of the current lines), `count`,
  /// `severity`, `difference` and `differenceDescription` (from the compared lines), `anomalyType`
  /// and `anomalyDescription` (if there are any), `regex`, `samples`, `tokens`, `histogram` (start
  /// of each bucket in milliseconds since 1970, and its lines), `id`.
  ///
  /// The order is unspecified: patterns are built and written one at a time, because all of them at
  /// once may need much memory.
  public func json() -> [UInt8] {
    let total = currentLineCount
    let span = timeSpan
    var output: [UInt8] = [UInt8(ascii: "[")]
    forEachPattern { pattern in
      if output.count > 1 { output.append(UInt8(ascii: ",")) }
      pattern.append(
        to: &output, total: total, anomalies: PatternAnomaly.anomalies(of: pattern, in: span))
    }
    output.append(UInt8(ascii: "]"))
    return output
  }
}

extension LogPattern {
  fileprivate func append(to output: inout [UInt8], total: Int, anomalies: [PatternAnomaly]) {
    output.append(contentsOf: "{\"pattern\":".utf8)
    append(text, to: &output)
    output.append(contentsOf: ",\"ratio\":".utf8)
    JSONWriter.append(total == 0 ? 0 : Double(count) / Double(total), to: &output)
    output.append(contentsOf: ",\"count\":\(count),\"severity\":\"\(severity.rawValue)\"".utf8)
    output.append(contentsOf: ",\"difference\":\(count - comparedCount)".utf8)
    output.append(contentsOf: ",\"differenceDescription\":\"\(differenceDescription)\"".utf8)
    if !anomalies.isEmpty {
      output.append(contentsOf: ",\"anomalyType\":".utf8)
      append(Array(anomalies.map(\.kind.rawValue).joined(separator: ", ").utf8), to: &output)
      output.append(contentsOf: ",\"anomalyDescription\":".utf8)
      append(Array(anomalies.map(\.description).joined(separator: "; ").utf8), to: &output)
    }
    output.append(contentsOf: ",\"regex\":".utf8)
    append(regex, to: &output)
    appendSamples(to: &output)
    appendTokens(to: &output)
    output.append(contentsOf: ",\"histogram\":{\"timeWindowCountMapping\":{".utf8)
    for (index, bucket) in histogram.buckets.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      let start = bucket.number &* histogram.width
      output.append(contentsOf: "\"\(start)\":\(bucket.count)".utf8)
    }
    var hash = ContentHash()
    text.withUnsafeBufferPointer { hash.update($0) }
    output.append(contentsOf: "}},\"id\":\"\(hash.text)\"}".utf8)
  }

  private func append(_ text: [UInt8], to output: inout [UInt8]) {
    text.withUnsafeBufferPointer { JSONWriter.append(string: $0, to: &output) }
  }

  private func appendSamples(to output: inout [UInt8]) {
    output.append(contentsOf: ",\"samples\":[".utf8)
    for (index, sample) in samples.samples.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      output.append(UInt8(ascii: "{"))
      if let timestamp = sample.timestamp {
        output.append(contentsOf: "\"timestamp\":\(timestamp),".utf8)
      }
      output.append(contentsOf: "\"logEvent\":".utf8)
      append(sample.text, to: &output)
      output.append(UInt8(ascii: "}"))
    }
    output.append(UInt8(ascii: "]"))
  }

  /// Appends the tokens as `PatternToken` of CloudWatch's API, with the additional members of
  /// Insights' replies: `tokenType`, `isNumeric`, `isErrorCode`.
  private func appendTokens(to output: inout [UInt8]) {
    output.append(contentsOf: ",\"tokens\":[".utf8)
    for (index, piece) in pieces.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      switch piece {
      case .literal(let text):
        output.append(contentsOf: "{\"isDynamic\":false,\"tokenType\":\"STATIC\"".utf8)
        output.append(contentsOf: ",\"tokenString\":".utf8)
        append(text, to: &output)
      case .token(let token):
        output.append(
          contentsOf: "{\"dynamicTokenPosition\":\(token.position),\"isDynamic\":true".utf8)
        output.append(contentsOf: ",\"tokenType\":\"DYNAMIC\",\"tokenString\":\"<*>\"".utf8)
        output.append(contentsOf: ",\"isNumeric\":\(token.kind.isNumeric)".utf8)
        output.append(contentsOf: ",\"isErrorCode\":\(isStatus(pieceAt: index))".utf8)
        output.append(
          contentsOf: ",\"inferredTokenName\":\"\(token.name)\",\"enumerations\":{".utf8)
        for (index, (value, count)) in token.values.sortedCounts.enumerated() {
          if index > 0 { output.append(UInt8(ascii: ",")) }
          append(value, to: &output)
          output.append(contentsOf: ":\(count)".utf8)
        }
        output.append(UInt8(ascii: "}"))
      }
      output.append(UInt8(ascii: "}"))
    }
    output.append(UInt8(ascii: "]"))
  }

  private var differenceDescription: String {
    if comparedCount == 0 { return "new" }
    if count == 0 { return "not seen in this period" }
    let difference = count - comparedCount
    if difference == 0 { return "no difference" }
    let percent = Int((Double(abs(difference)) / Double(comparedCount) * 100).rounded())
    let share = percent == 0 ? "less than 1%" : "\(percent)%"
    return "\(share) \(difference > 0 ? "more" : "fewer") events"
  }
}
