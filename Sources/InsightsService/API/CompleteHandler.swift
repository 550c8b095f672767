internal import InsightsEngine
internal import InsightsModel
internal import InsightsQuery
internal import InsightsText

/// `POST /api/complete` with `{"text", "cursor"}`: the completions of the word before the cursor.
///
/// `cursor` and `start`, the beginning of the word, count Unicode scalars.
enum CompleteHandler: APIHandler {
  static let method = "POST"
  static let path = "/api/complete"

  static func reply(to request: APIRequest, in service: LogService) throws -> Reply {
    let scalars = Array(try request.required("text").unicodeScalars)
    let cursor = Int(try request.integer("cursor") ?? Int64(scalars.count))
    guard (0...scalars.count).contains(cursor) else {
      throw APIError("'cursor' lies outside of the text")
    }
    var before = String.UnicodeScalarView()
    before.append(contentsOf: scalars[..<cursor])
    let text = String(before)
    if let (word, isGroup) = quotedGroup(atEndOf: text), isGroup {
      let groups = try service.withEngine {
        try $0.logGroups(options: Binder.Options(rowLimit: .max))
      }
      let names = groups.rows.compactMap { row -> String? in
        guard case .text(let log)? = row.first else { return nil }
        return log.split(separator: ":", maxSplits: 1).last.map(String.init)
      }
      return reply(
        names.filter { $0.lowercased().contains(word.lowercased()) }.map { ($0, "log group") },
        start: cursor - word.unicodeScalars.count)
    }
    let breaks = Set(QueryCompletion.wordBreaks.unicodeScalars)
    if let call = begunCall(atEndOf: scalars[..<cursor], wordBreaks: breaks) {
      let names = service.pack.queries.map(\.name).filter {
        $0.lowercased().hasPrefix(call.name.lowercased())
      }
      return reply(
        names.map { name in
          let candidate = QueryCompletion.Candidate.savedQuery(name)
          return (candidate.text, kind(of: candidate))
        }, start: call.start)
    }
    let start = cursor - before.reversed().prefix { !breaks.contains($0) }.count
    let fields = try service.withEngine { try $0.fields() }.rows.compactMap { row -> String? in
      guard case .text(let name)? = row.first else { return nil }
      return name
    }
    let candidates = QueryCompletion(fields: fields).candidates(for: text)
    return reply(candidates.map { ($0.text, kind(of: $0)) }, start: start)
  }

  private static func reply(_ candidates: [(text: String, kind: String)], start: Int) -> Reply {
    .json([
      "start": .integer(start),
      "candidates": .array(
        candidates.prefix(200).map { ["text": .string($0.text), "kind": .string($0.kind)] }),
    ])
  }

  /// Returns the unfinished string after `SOURCE`, which is the name of a log group.
  private static func quotedGroup(atEndOf text: String) -> (word: String, isGroup: Bool)? {
    guard let quote = text.lastIndex(where: { $0 == "'" || $0 == "\"" }) else { return nil }
    let before = text[..<quote]
    // A closed string has an even number of quotes.
    guard before.count(where: { $0 == text[quote] }).isMultiple(of: 2) else { return nil }
    let command = before.split(separator: "|").last ?? ""
    let isGroup = command.drop { $0.isWhitespace }.lowercased().hasPrefix("source")
    return (String(text[text.index(after: quote)...]), isGroup)
  }

  /// Returns the unfinished call of a saved query, if one is possible: the position of its `$`, and
  /// the name so far.
  ///
  /// Names contain slashes, which end other words; in backticks they contain anything.
  private static func begunCall(
    atEndOf text: ArraySlice<Unicode.Scalar>, wordBreaks: Set<Unicode.Scalar>
  ) -> (start: Int, name: String)? {
    guard let start = text.lastIndex(of: "$") else { return nil }
    let previous = text[..<start].last { $0 != " " && $0 != "\t" }
    guard previous.map({ ["|", "(", "\n"].contains($0) }) ?? true else { return nil }
    var name = text[(start + 1)...]
    if name.first == "`" {
      name = name.dropFirst()
      guard !name.contains("`") else { return nil }
    } else {
      guard name.allSatisfy({ $0 == "/" || !wordBreaks.contains($0) }) else { return nil }
    }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: name)
    return (start, String(view))
  }

  private static func kind(of candidate: QueryCompletion.Candidate) -> String {
    switch candidate {
    case .command: "command"
    case .field: "field"
    case .function: "function"
    case .keyword: "keyword"
    case .savedQuery: "saved query"
    }
  }
}
