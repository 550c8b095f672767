internal import Glibc
internal import InsightsQuery
internal import InsightsText

/// Recommends fields of a log group for indexing, by the queries that were run.
///
/// The score has five parts: how many queries use a field (30 %), how many of those compare it with
/// values (25 %), how long ago they were run (15 %), how much they read (15 %), and how many values
/// the field has (15 %).
struct IndexAdvice {
  /// A query that was run, as in DescribeQueries.
  struct AskedQuery {
    var text: String
    /// Epoch milliseconds.
    var time: Int64
    var logGroup: String?
  }

  static let historyDays: Int64 = 30
  private static let day = 86_400_000.0
  /// The number of days after which a query counts half.
  private static let halfLife = 7.0

  /// The usage of a field.
  struct Usage {
    var queryCount = 0
    var foundCount = 0
    var lastTime = Int64.min
  }

  private(set) var usages: [String: Usage] = [:]
  private(set) var uniqueTexts: Set<String> = []
  private let now: Int64

  init(_ queries: [AskedQuery], now: Int64) {
    self.now = now
    for query in queries {
      uniqueTexts.insert(query.text)
      for use in Parser.parse(SourceText(query.text)).syntax.fieldUses {
        var usage = usages[use.name, default: Usage()]
        usage.queryCount += 1
        if use.isFound { usage.foundCount += 1 }
        usage.lastTime = max(usage.lastTime, query.time)
        usages[use.name] = usage
      }
    }
  }

  /// Returns a recommendation for each field, the best first.
  ///
  /// `distinctCounts`: how many values fields have, if known; `scansText`: whether there is
  /// anything to read.
  func recommendations(
    of names: [String], scansText: Bool, distinctCounts: [String: Int64] = [:]
  ) -> [JSONObject] {
    let most = max(names.compactMap { usages[$0]?.queryCount }.max() ?? 1, 1)
    return names.compactMap { name in
      guard let usage = usages[name] else { return nil }
      let frequency = Double(usage.queryCount) / Double(most)
      let found = Double(usage.foundCount) / Double(max(usage.queryCount, 1))
      let age = max(0, Double(now - usage.lastTime) / Self.day)
      let recency = pow(0.5, age / Self.halfLife)
      let volume = scansText ? 1.0 : 0
      let cardinality = distinctCounts[name].map { min(Double($0) / 1000, 1) }
      let score =
        0.30 * frequency + 0.25 * found + 0.15 * recency + 0.15 * volume
        + 0.15 * (cardinality ?? 0)
      return [
        "field_name": .string(name), "score": Self.rounded(score), "action": "CREATE_INDEX",
        "query_count": .integer(usage.queryCount),
        "filter_equality_count": .integer(usage.foundCount),
        "score_breakdown": [
          "frequency_score": Self.rounded(frequency), "filter_equality_score": Self.rounded(found),
          "recency_score": Self.rounded(recency), "scan_volume_score": Self.rounded(volume),
          "cardinality_score": cardinality.map(Self.rounded) ?? .null,
        ],
      ]
    }.sorted { left, right in
      let scores = (left["score"]?.real ?? 0, right["score"]?.real ?? 0)
      if scores.0 != scores.1 { return scores.0 > scores.1 }
      return (left["field_name"]?.string ?? "") < (right["field_name"]?.string ?? "")
    }
  }

  private static func rounded(_ number: Double) -> JSONValue {
    var text: [UInt8] = []
    NumericText.append((number * 10_000).rounded() / 10_000, to: &text)
    return .number(String(decoding: text, as: UTF8.self))
  }

  /// Returns what is reported about a field besides recommendations.
  func entry(_ name: String) -> JSONObject {
    ["field_name": .string(name), "query_count": .integer(usages[name]?.queryCount ?? 0)]
  }

  // MARK: The members of results

  static let output: [JSONSchema.Member] = [
    .required(
      "recommendations",
      .list(
        .object([
          .required("field_name", .string), .required("score", .number, "0 to 1."),
          .required("action", .string), .required("query_count", .count),
          .required(
            "filter_equality_count", .count, "Queries that compare the field with values."),
          .required(
            "score_breakdown",
            .object([
              .required("frequency_score", .number), .required("filter_equality_score", .number),
              .required("recency_score", .number), .required("scan_volume_score", .number),
              .required("cardinality_score", .number.orNull),
            ])),
        ])), "The best first; make an index with 'insights index FIELD'."),
    .required(
      "already_indexed",
      .list(
        .object([
          .required("field_name", .string), .required("query_count", .count),
          .required("source", .string),
        ]))),
    .required(
      "fields_not_found",
      .list(.object([.required("field_name", .string), .required("query_count", .count)])),
      "Fields of queries that no event has."),
    .required("queries_analyzed", .count), .required("unique_queries", .count),
    .required("time_range_days", .count), .required("log_group", .string),
    .required("warnings", .strings),
  ]
}
