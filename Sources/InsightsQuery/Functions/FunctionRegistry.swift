/// The registry of all functions.
public enum FunctionRegistry {
  /// Every function, in the order of the documentation.
  public static let all: [Function] = groups.flatMap(\.functions)

  /// The functions by subject, with a heading for each.
  public static let groups: [(heading: String, functions: [Function])] = [
    ("Conditions", Function.conditional),
    ("Text", Function.text),
    ("Numbers", Function.numeric),
    ("Conversions", Function.conversions),
    ("Time", Function.datetime),
    ("Dates as text", Function.dateTexts),
    ("Maps and lists", Function.json),
    ("IP addresses", Function.addresses),
    ("Codecs and digests", Function.encodings),
    ("Aggregates", Function.aggregates),
    ("Aggregates over time", Function.series),
  ]

  private static let scalars = byName(all.filter { !$0.isAggregate })
  private static let aggregates = byName(all.filter(\.isAggregate))

  private static func byName(_ functions: [Function]) -> [String: Function] {
    var named: [String: Function] = [:]
    for function in functions {
      for name in [function.name] + function.aliases { named[name.lowercased()] = function }
    }
    return named
  }

  /// Returns the function with a name, ignoring case; the one for single values if there is also an
  /// aggregate.
  static func function(named name: String) -> Function? {
    scalars[name.lowercased()] ?? aggregate(named: name)
  }

  static func aggregate(named name: String) -> Function? { aggregates[name.lowercased()] }
}
