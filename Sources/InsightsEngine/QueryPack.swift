internal import Glibc
public import InsightsQuery
internal import InsightsText

/// A saved query: a `.insights` file, whose leading `# key: value` lines describe it.
public struct SavedQuery: Sendable {
  /// A parameter of the query, `{{name}}` in its text.
  public struct Parameter: Hashable, Sendable {
    /// The name between the braces.
    public var name: String
    /// The type as written; empty if any value is accepted.
    public var type: String
    /// The default; `nil` if a value is required.
    public var defaultValue: String?
    /// The description; may be empty.
    public var description: String
  }

  /// The full name: folder and file without the extension, `lambda/errors`.
  public let name: String
  /// The title; `nil` if there is none.
  public let title: String?
  /// A description of the rows; `nil` if there is none.
  public let description: String?
  /// The declared parameters, in order.
  public let parameters: [Parameter]
  /// The preferred chart: `bar`, `line` or `none`; `nil` to decide by the rows.
  public let chart: String?
  /// The definition of the headline number, such as `sum(dollars) — US dollars`.
  public let headline: String?
  /// Whether it uses extensions that AWS does not support.
  public let isLocal: Bool
  /// The file's text, including comments, for pasting into the AWS console.
  public let text: String
  /// The link that the text was given as; its log groups and range apply unless others are given.
  public private(set) var link: ConsoleLink?

  /// A query given by a user: its text, or a link into AWS's console.
  ///
  /// - Throws: `ConsoleLinkError` for a link without a query.
  public init(name: String, given text: String) throws(ConsoleLinkError) {
    let address = trimmed(text[...])
    guard ConsoleLink.isLink(address) else {
      self.init(name: name, text: text)
      return
    }
    let link = try ConsoleLink(address)
    self.init(name: name, text: link.query)
    self.link = link
  }

  /// A saved query from the text of its file.
  public init(name: String, text: String) {
    var title: String?
    var description: String?
    var parameters: [Parameter] = []
    var isLocal = false
    var chart: String?
    var headline: String?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      guard line.hasPrefix("#") else { break }
      let entry = line.dropFirst().split(separator: ":", maxSplits: 1)
      guard entry.count == 2 else { continue }
      let value = trimmed(entry[1])
      switch trimmed(entry[0]) {
      case "title": title = value
      case "description": description = description.map { $0 + " " + value } ?? value
      case "parameter": parameters.append(Parameter(parsing: value))
      case "local": isLocal = value == "true"
      case "chart": chart = value
      case "headline": headline = value
      default: break
      }
    }
    self.name = name
    self.title = title
    self.description = description
    self.parameters = parameters
    self.isLocal = isLocal
    self.chart = chart
    self.headline = headline
    self.text = text
  }

  /// All names that `--param` can set: declared parameters, and placeholders in the text.
  public var parameterNames: [String] {
    let declared = parameters.map(\.name)
    return declared + Template(text).names.filter { !declared.contains($0) }
  }

  /// A value for every parameter without a default, for trying the query: 1 is valid as a number
  /// and inside text.
  public var sampleValues: [String: String] {
    var values: [String: String] = [:]
    for name in parameterNames {
      let parameter = parameters.first { $0.name == name }
      guard parameter?.defaultValue == nil else { continue }
      values[name] = parameter.flatMap { ParameterType(rawValue: $0.type) }?.sample ?? "1"
    }
    return values
  }

  /// Returns the query with every `{{name}}` replaced by the given value, or by the default.
  ///
  /// Numbers and periods are inserted without quotes, other values as quoted strings, and so are
  /// all values of `textNames`. Inside a string, regex or quoted name the value is inserted as
  /// text, escaped. The source's name is what messages call the query.
  ///
  /// - Throws: `ParameterError`.
  public func source(
    filling values: [String: String], asText textNames: Set<String> = []
  ) throws(ParameterError) -> SourceText {
    for parameter in parameters {
      try parameter.check(values[parameter.name] ?? parameter.defaultValue)
    }
    let textNames = textNames.union(
      parameters.filter { $0.type == ParameterType.text.rawValue }.map(\.name))
    let defaults = Dictionary(
      parameters.compactMap { parameter in parameter.defaultValue.map { (parameter.name, $0) } },
      uniquingKeysWith: { _, last in last })
    return SourceText(
      try Template(text).filled(with: values, asText: textNames, defaults: defaults), name: name)
  }
}

extension SavedQuery.Parameter {
  /// Parses `name: type = default — meaning`; the type, the default and the meaning are optional.
  fileprivate init(parsing text: String) {
    let halves = text.split(separator: "—", maxSplits: 1)
    let definition = halves.first.map(trimmed) ?? ""
    let pair = definition.split(separator: "=", maxSplits: 1)
    let declaration = (pair.first ?? "").split(separator: ":", maxSplits: 1)
    name = declaration.first.map(trimmed) ?? ""
    type = declaration.count == 2 ? trimmed(declaration[1]) : ""
    defaultValue = pair.count == 2 ? trimmed(pair[1]) : nil
    description = halves.count == 2 ? trimmed(halves[1]) : ""
  }
}

/// A query's parameters could not be filled in.
public enum ParameterError: Error, Hashable, Sendable {
  /// The text contains `{{name}}`, and there is neither a value nor a default.
  case missing(name: String)
  /// The placeholder is in backticks, and the value contains one.
  case backtickInName(name: String)
  /// The value does not have the declared type.
  case mismatch(name: String, value: String, type: ParameterType)
  /// The query declares an unknown type.
  case unknownType(name: String, type: String)
}

/// Removes white space at both ends.
private func trimmed(_ text: Substring) -> String {
  let rest = text.drop { $0.isWhitespace }
  return String(
    rest[..<(rest.lastIndex { !$0.isWhitespace }.map(rest.index(after:)) ?? rest.startIndex)])
}

/// The saved queries that can be run by name.
public struct QueryPack: Sendable {
  /// Sorted by name.
  public let queries: [SavedQuery]

  /// Reads the queries of the folders, then adds the built-in ones; the first with a name counts.
  ///
  /// A folder that does not exist is empty.
  public init(folders: [String]) {
    var byName: [String: SavedQuery] = [:]
    for folder in folders {
      for name in Self.names(in: folder, depth: 0) where byName[name] == nil {
        let path = "\(folder)/\(name).insights"
        // Reading a pipe would block.
        if FileStatus(path)?.kind == .file, let text = TextFile.read(path) {
          byName[name] = SavedQuery(name: name, text: text)
        }
      }
    }
    for (name, text) in BuiltInQueries.all where byName[name] == nil {
      byName[name] = SavedQuery(name: name, text: text)
    }
    queries = byName.values.sorted { $0.name < $1.name }
  }

  /// Returns the query with this name, or all queries of the pack with this name.
  public func queries(named name: String) -> [SavedQuery] {
    if let query = queries.first(where: { $0.name == name }) { return [query] }
    return queries.filter { $0.name.hasPrefix(name + "/") }
  }

  /// Returns suggestions for a misspelt name, quoted and joined; empty if none is similar.
  public func namesSimilar(to name: String) -> String {
    let packs = Set(queries.compactMap { $0.name.split(separator: "/").first.map(String.init) })
    // Often only the last part of a name is given.
    let parts = queries.map { String($0.name.split(separator: "/").last ?? "") }
    let wanted = [name] + EditDistance.suggestions(for: name, among: parts)
    let longer = wanted.flatMap { part in zip(queries, parts).filter { $1 == part }.map(\.0.name) }
    let similar = EditDistance.suggestions(for: name, among: queries.map(\.name) + packs.sorted())
    return (longer + similar).reduce(into: [String]()) { names, name in
      if !names.contains(name) { names.append(name) }
    }.map { "'\($0)'" }.joined(separator: " or ")
  }

  /// Returns the names of the query files below a folder, without extension.
  private static func names(in folder: String, depth: Int) -> [String] {
    // Packs are flat; the limit stops at a folder that links to itself.
    guard depth < 4, let directory = folder.withSystemPath({ opendir($0) }) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { SystemPath.text(ofCString: $0) }
      }
      guard !name.hasPrefix(".") else { continue }
      if name.hasSuffix(".insights") {
        names.append(String(name.dropLast(".insights".count)))
      } else {
        names += Self.names(in: "\(folder)/\(name)", depth: depth + 1).map { "\(name)/\($0)" }
      }
    }
    return names.sorted()
  }
}
