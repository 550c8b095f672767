/// The one list of functions.
public enum FunctionRegistry {
  public static let all: [Function] = groups.flatMap(\.functions)

  /// The functions by what they are about, with a heading for each.
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

  /// What functions of other languages are called here.
  static let foreignNames = [
    "average": "avg", "contains": "strcontains", "ifnull": "coalesce", "iif": "if",
    "len": "strlen", "length": "strlen", "lower": "tolower", "mean": "avg", "nvl": "coalesce",
    "p50": "pct", "p90": "pct", "p95": "pct", "p99": "pct", "substring": "substr",
    "upper": "toupper",
  ]

  private static let byName: [String: Function] = {
    var functions: [String: Function] = [:]
    for function in all {
      for name in [function.name] + function.aliases { functions[name.lowercased()] = function }
    }
    return functions
  }()

  static func function(named name: String) -> Function? {
    byName[name.lowercased()]
  }
}
