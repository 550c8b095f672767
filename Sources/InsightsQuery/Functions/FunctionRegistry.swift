/// The one list of functions.
public enum FunctionRegistry {
  public static let all: [Function] =
    Function.aggregates + Function.series + Function.numeric + Function.conversions + Function.text
    + Function.encodings + Function.datetime + Function.dateTexts + Function.conditional
    + Function.addresses + Function.json

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
