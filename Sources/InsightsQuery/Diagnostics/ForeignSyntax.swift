/// Idioms of SQL, KQL, SPL and LogQL, with their translations.
///
/// All of it is data, one line per idiom: `phrases` match anywhere in a command that does not
/// compile, the other tables translate single words or signs. In a translation `{rest}`, `{left}`
/// and `{right}` represent parts of the query, `{first}`, `{second}` … the arguments of a call; the
/// text after a `:` in the braces is an example for a missing part.
enum ForeignSyntax {
  struct Habit: Sendable {
    var words: [String]
    var line: String

    init(_ words: String..., is line: String) {
      self.words = words
      self.line = line
    }
  }

  /// Words in place of a command; `{rest}` is the text after them.
  static let commands = [
    Habit(
      "select", "project", "project-keep", "table", "columns", "keep", "return",
      is: "fields {rest:@timestamp, @message}"),
    Habit("summarize", "aggregate", "agg", "tstats", is: "stats {rest:count(*) by level}"),
    Habit("group", "groupby", is: "stats count(*) by {rest:level}"),
    Habit("distinct", "unique", "uniq", is: "stats count(*) by {rest:level}"),
    Habit("count", is: "stats count(*) {rest:}"),
    Habit("having", is: "filter {rest:count > 10}"),
    Habit("grep", "find", "match", is: "filter @message like {rest:\"text\"}"),
    Habit("timechart", "chart", "histogram", is: "stats count(*) by bin(5m)"),
    Habit("rare", is: "stats count(*) as n by {rest:level} | sort n asc | limit {count:10}"),
    Habit("top", is: "stats count(*) as n by {rest:level} | sort n desc | limit {count:10}"),
    Habit("take", "first", is: "limit {rest:20}"),
    Habit(
      "extend", "eval", "let", "set", "with", is: "fields {assigned:strlen(@message) as length}"),
    Habit("rename", is: "fields {rest:level as severity}"),
    Habit(
      "rex", "regex", "extract", "regexp", "pattern_extract",
      is: "parse @message /user=(?<user>\\S+)/"),
    Habit("logfmt", "kv", is: "parse @message logfmt as line | fields line.level"),
    Habit(
      "spath", "json_extract", is: "fields jsonParse(@message) as json | fields json.user.name"),
    Habit("mvexpand", "mv-expand", "explode", "flatten", is: "expand {rest:items}"),
    Habit("from", is: "SOURCE '/aws/lambda/orders' | limit 20"),
    Habit("fillnull", "fillna", is: "fields coalesce({rest:status}, 0) as filled"),
    Habit("transaction", is: "sessionize {rest:@logStream} maxspan 30m"),
    Habit("union", "append", is: "SOURCE '/the/one' | SOURCE '/the/other'"),
    Habit("drop", "remove", "project-away", is: "display @timestamp, @message"),
    Habit("reverse", is: "sort @timestamp asc"),
    Habit("last", is: "sort @timestamp desc | limit {rest:20}"),
    Habit("bucket", "bin", "time_slice", is: "stats count(*) by bin(5m)"),
    Habit("render", "as", is: "stats count(*) by bin(5m)"),
    Habit("line_format", "label_format", is: "display @timestamp, @message"),
    Habit("unwrap", is: "stats avg({rest:duration}) by bin(5m)"),
    Habit("rate", "count_over_time", "bytes_over_time", is: "stats count(*) by bin(5m)"),
    Habit("replace", is: "fields replace(@message, \"old\", \"new\") as text"),
  ]

  /// Words and signs after a value, `{left}`; `{right}` is the text after them.
  static let operators = [
    Habit("is not null", "exists", "is present", is: "ispresent({left:status})"),
    Habit("is null", "is missing", "is empty", is: "not ispresent({left:status})"),
    Habit("is not", is: "{left:level} != {right:\"INFO\"}"),
    Habit("is", "eq", "equals", is: "{left:level} = {right:\"ERROR\"}"),
    Habit(
      "contains", "has", "includes", "contains_cs", is: "{left:@message} like {right:\"text\"}"),
    Habit(
      "!contains", "!has", "not contains", "not has",
      is: "{left:@message} not like {right:\"text\"}"),
    Habit(
      "startswith", "starts with", "hasprefix", is: "startsWith({left:@message}, {right:\"text\"})"),
    Habit("endswith", "ends with", "hassuffix", is: "endsWith({left:@message}, {right:\"text\"})"),
    Habit("between", is: "{left:status} >= {right:400} and {left:status} <= {second:499}"),
    Habit("descending", is: "{left:@timestamp} desc"),
    Habit("ascending", is: "{left:@timestamp} asc"),
    Habit("span", "every", "interval", is: "bin({right:5m})"),
    Habit("gt", is: "{left:status} > {right:400}"),
    Habit("ge", is: "{left:status} >= {right:400}"),
    Habit("lt", is: "{left:status} < {right:400}"),
    Habit("le", is: "{left:status} <= {right:400}"),
    Habit("ne", is: "{left:status} != {right:200}"),
    Habit("xor", is: "({left:a} or {right:b}) and not ({left:a} and {right:b})"),
  ]

  /// Phrases; if a command contains several, the first one here is translated first.
  static let phrases = [
    // SQL
    ForeignPhrase("^ fields *", is: "fields @timestamp, @message"),
    ForeignPhrase("^ display *", is: "display @timestamp, @message"),
    ForeignPhrase("count ( distinct {x…} )", is: "count_distinct({x})"),
    ForeignPhrase("limit {n} offset {m}", is: "limit {n+m}"),
    ForeignPhrase("{x} ilike {text}", is: "{x} like {text.ignoringCase}"),
    ForeignPhrase("{x} not ilike {text}", is: "{x} not like {text.ignoringCase}"),
    ForeignPhrase("{x} not between {a} and {b}", is: "({x} < {a} or {x} > {b})"),
    ForeignPhrase("{x} matches regex {text}", is: "{x} like {text.regex}"),
    ForeignPhrase("{x} similar to {text}", is: "{x} like {text.regex}"),
    ForeignPhrase("{x} matches {text}", is: "{x} like {text.regex}"),
    ForeignPhrase("{x} rlike {text}", is: "{x} like {text.regex}"),
    ForeignPhrase("{x} regexp {text}", is: "{x} like {text.regex}"),
    ForeignPhrase("{x} like / {text…} /", is: "{x} like {text.regex}"),
    ForeignPhrase("{x} like * {text} *", is: "{x} like {text.text}"),
    ForeignPhrase("{x} ~ {text}", is: "{x} like {text.regex}"),
    ForeignPhrase("cast ( {x…} as {type} )", is: "toNumber({x})"),
    ForeignPhrase("{x} :: {type}", is: "toNumber({x})"),
    ForeignPhrase("case when {c…} then {a…} else {b…} end", is: "if({c}, {a}, {b})"),
    ForeignPhrase("case when {c…} then {a…} end", is: "case({c}, {a})"),
    ForeignPhrase("{x} as {text}", is: "{x} as {text.name}"),
    // KQL
    ForeignPhrase("^ search {terms…}", is: "filter {terms.condition}"),
    ForeignPhrase(
      "^ make-series {x…} on {time} step {period}", is: "stats {x.aggregate} by bin({period})"),
    ForeignPhrase("^ make-series {x…}", is: "stats count(*) by bin(5m)"),
    ForeignPhrase("bin ( {time} , {period} )", is: "bin({period})"),
    // SPL
    ForeignPhrase(
      "^ timechart span = {period} {x…} by {key}", is: "stats {x.aggregate} by {key}, bin({period})"
    ),
    ForeignPhrase("^ timechart span = {period} {x…}", is: "stats {x.aggregate} by bin({period})"),
    ForeignPhrase("^ timechart {x…} by {key}", is: "stats {x.aggregate} by {key}, bin(5m)"),
    ForeignPhrase("^ timechart {x…}", is: "stats {x.aggregate} by bin(5m)"),
    ForeignPhrase("^ chart {x…} by {keys…}", is: "stats {x.aggregate} by {keys}"),
    ForeignPhrase("^ chart {x…} over {key}", is: "stats {x.aggregate} by {key}"),
    ForeignPhrase("^ histogram {x…} by {key}", is: "stats count(*) by {key}, bin(5m)"),
    ForeignPhrase("^ dedup {keys…} sortby - {x}", is: "sort {x} desc | dedup {keys}"),
    ForeignPhrase("^ dedup {keys…} sortby + {x}", is: "sort {x} asc | dedup {keys}"),
    ForeignPhrase("^ dedup {keys…} sortby {x}", is: "sort {x} asc | dedup {keys}"),
    ForeignPhrase("^ dedup {n} {key}", is: "dedup {key}"),
    ForeignPhrase("^ eval {x…}", is: "fields {x.assigned}"),
    ForeignPhrase("^ extend {x…}", is: "fields {x.assigned}"),
    ForeignPhrase("^ fillnull value = {value} {x}", is: "fields coalesce({x}, {value}) as filled"),
    ForeignPhrase("^ rex field = {x} {text}", is: "parse {x} {text.regex}"),
    ForeignPhrase("^ rex {text}", is: "parse @message {text.regex}"),
    ForeignPhrase("^ index = {index} {terms…}", is: "filter {terms.condition}"),
    ForeignPhrase("^ index = {index}", is: "fields @timestamp, @message"),
    // Other languages' conditions and comments
    ForeignPhrase("{c} ? {a} : {b}", is: "if({c}, {a}, {b})"),
    ForeignPhrase("/ / {x…}", is: "# {x}"),
    ForeignPhrase("/ * {x…} * /", is: "# {x}"),
    // Lucene, filter patterns
    ForeignPhrase("^ { {x…} }", is: "filter {x}"),
    ForeignPhrase("$ {x}", is: "{x.path}"),
    ForeignPhrase("^ filter {x} : {value}", is: "filter {x} = {value.text}"),
    ForeignPhrase("and {x} : {value}", is: "and {x} = {value.text}"),
    ForeignPhrase("or {x} : {value}", is: "or {x} = {value.text}"),
    // Others
    ForeignPhrase("by {keys…} span {period}", is: "by {keys}, bin({period})"),
    ForeignPhrase("over {period}", is: "by bin({period})"),
    ForeignPhrase("every {period}", is: "by bin({period})"),
    ForeignPhrase("interval {period}", is: "by bin({period})"),
    ForeignPhrase("span {period}", is: "by bin({period})"),
  ]

  /// Operators that the language writes differently; `{right}` is the text after them.
  static let signs = [
    Habit("&&", is: "and"), Habit("||", is: "or"), Habit("<>", is: "!="),
    Habit("!~", "!=~", is: "not like {right:/text/}"), Habit("~=", is: "like {right:/text/}"),
    Habit("|=", is: "| filter @message like {right:\"text\"}"),
    Habit("|~", is: "| filter @message like {right:/text/}"),
    Habit("=>", is: ">="), Habit("=<", is: "<="), Habit(":=", is: "= {right:1}"),
  ]

  /// The placeholders for the arguments of a call.
  static let argumentPlaces = ["first", "second", "third"]

  /// Functions; `{first}`, `{second}` and `{third}` are the arguments.
  static let functions = [
    Habit("average", "mean", is: "avg({first:@duration})"),
    Habit(
      "dc", "distinct_count", "dcount", "approx_distinct", "uniq", "cardinality", "count_unique",
      is: "count_distinct({first:user})"),
    Habit("countif", "count_if", "sumif", is: "sum({first:status >= 500})"),
    Habit("p50", is: "pct({first:@duration}, 50)"), Habit("p75", is: "pct({first:@duration}, 75)"),
    Habit("p90", is: "pct({first:@duration}, 90)"), Habit("p95", is: "pct({first:@duration}, 95)"),
    Habit("p99", is: "pct({first:@duration}, 99)"),
    Habit("p999", is: "pct({first:@duration}, 99.9)"),
    Habit(
      "perc", "quantile", "percentile_cont", "approx_percentile", "perc95",
      is: "pct({first:@duration}, 95)"),
    Habit("len", "length", "char_length", "string_length", is: "strlen({first:@message})"),
    Habit("lower", "lcase", "lowercase", is: "tolower({first:level})"),
    Habit("upper", "ucase", "uppercase", is: "toupper({first:level})"),
    Habit("substring", "mid", is: "substr({first:@message}, {second:0})"),
    Habit(
      "contains", "instr", "locate", "position", "indexof", "has",
      is: "strcontains({first:@message}, {second:\"text\"})"),
    Habit("ifnull", "nvl", "isnull_or", is: "coalesce({first:status}, {second:0})"),
    Habit("isnull", "is_null", "isempty_or_null", is: "not ispresent({first:status})"),
    Habit(
      "isnotnull", "notnull", "isnotempty", "exists", "has_key", is: "ispresent({first:status})"),
    Habit(
      "iif", "iff", "decode", is: "if({first:status >= 500}, {second:\"error\"}, {third:\"ok\"})"),
    Habit("bucket", is: "bin({second:5m})"), Habit("time", is: "bin({first:5m})"),
    Habit("date_trunc", "time_bucket", "bin_at", "startofday", "trunc", is: "bin(1h)"),
    Habit("ago", is: "filter @timestamp > now() * 1000 - 3600000"),
    Habit("strptime", "to_timestamp", "todatetime", is: "parseDate({first:time}, \"yyyy-MM-dd\")"),
    Habit("cast", "tonumeric", "toreal", "int", "float", is: "toNumber({first:status})"),
    Habit(
      "regexp_extract", "extract", "regex_extract", "rex", is: "parse @message /user=(?<user>\\S+)/"
    ),
    Habit(
      "regexp_replace", "replace_regex",
      is: "regexReplace({first:@message}, {second:/a/}, {third:\"b\"})"),
    Habit("match", "regexp_like", "re_match", is: "{first:@message} like {second:/text/}"),
    Habit("first", "first_value", "earliest_value", is: "earliest({first:level})"),
    Habit("last", "last_value", "arg_max", is: "latest({first:level})"),
    Habit(
      "list", "make_list", "make_set", "array_agg", "group_concat", "string_agg",
      is: "values({first:level})"),
    Habit(
      "json_extract", "parse_json", "json_value", "get_json_object",
      is: "jsonParse({first:@message})"),
    Habit("datediff", "datetime_diff", is: "toMillis({first:a}) - toMillis({second:b})"),
    Habit("stdev", "std", is: "stddev({first:@duration})"),
  ]

  /// Returns the translation of a word in a table, if it has one.
  static func line(
    for word: String, in habits: [Habit], _ parts: (String) -> String?
  ) -> String? {
    let word = word.lowercased()
    guard let habit = habits.first(where: { $0.words.contains(word) }) else { return nil }
    return filled(habit.line, parts)
  }

  /// Fills the placeholders of a template.
  static func filled(_ template: String, _ parts: (String) -> String?) -> String {
    var result = ""
    var rest = template[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      result += rest[..<open]
      let place = rest[rest.index(after: open)..<close].split(
        separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      let part = parts(String(place[0])).flatMap { $0.isEmpty ? nil : $0 }
      result += part ?? (place.count > 1 ? String(place[1]) : "")
      rest = rest[rest.index(after: close)...]
    }
    result += rest
    while result.last == " " { result.removeLast() }
    return result
  }
}
