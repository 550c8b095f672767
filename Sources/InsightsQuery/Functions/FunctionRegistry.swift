/// The one list of functions.
public enum FunctionRegistry {
  public static let all: [Function] =
    Function.aggregates + Function.numeric + Function.text + Function.datetime
    + Function.conditional + Function.addresses + Function.json

  /// Functions of Logs Insights that this version refuses by name.
  static let unsupportedNames: Set<String> = [
    "regexreplace",
    "regex_replace", "urlencode", "urldecode", "base64encode", "base64decode", "hextoascii",
    "hextodec", "dectohex", "md5", "sha256", "haversine", "ipv4tonumber", "isprivateip",
    "ispublicip", "isreservedip", "parsedate", "formatdate", "strftime", "querystarttime",
    "queryendtime", "querytimerange", "messagesize", "rate", "countovertime", "count_over_time",
    "sumovertime", "sum_over_time", "histogram", "values", "topk", "offset", "unmask",
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
