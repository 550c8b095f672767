extension ConsoleLink {
  /// Returns the URL that opens a query over the last hour in the console of a region.
  static func address(of query: String, logGroups: [String], region: String) -> String {
    let host =
      if region.hasPrefix("cn-") {
        "console.amazonaws.cn"
      } else if region.hasPrefix("us-gov-") {
        "console.amazonaws-us-gov.com"
      } else {
        "console.aws.amazon.com"
      }
    let detail = ConsoleValue.written(object: [
      ("end", "0"), ("start", "-3600"), ("timeType", ConsoleValue.written(text: "RELATIVE")),
      ("tz", ConsoleValue.written(text: "UTC")), ("unit", ConsoleValue.written(text: "seconds")),
      ("editorString", ConsoleValue.written(text: query)),
      ("source", ConsoleValue.written(list: logGroups.map(ConsoleValue.written(text:)))),
      ("lang", ConsoleValue.written(text: "CWLI")),
      ("logClass", ConsoleValue.written(text: "STANDARD")),
      ("queryBy", ConsoleValue.written(text: "logGroupName")),
    ])
    return "https://\(region).\(host)/cloudwatch/home?region=\(region)"
      + "#logsV2:logs-insights$3FqueryDetail$3D\(detail)"
  }
}
