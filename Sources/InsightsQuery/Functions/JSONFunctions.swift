internal import InsightsModel

extension Function {
  /// Functions of JSON text, maps and lists.
  static let json: [Function] = [
    Function(
      "jsonParse", signature: "jsonParse(text)",
      summary: "The map or list that a JSON text holds; missing where it holds neither.",
      examples: [
        ("jsonParse('{\"a\": {\"b\": 5}}').a.b", "5"), ("jsonParse('[1, 2]')[1]", "2"),
        ("jsonParse('plain text')", ""),
      ],
      arguments: 1...1, computes: Operation(.jsonParse, .structure)),
    Function(
      "jsonStringify", signature: "jsonStringify(map)",
      summary: "The JSON text of a map or a list, without white space.",
      examples: [("jsonStringify(jsonParse('[ 1 ]'))", "[1]")],
      arguments: 1...1, computes: Operation(.jsonStringify, .text)),
    Function(
      "jsonArraySize", signature: "jsonArraySize(list)",
      summary: "The number of elements of a list, or of text that is a JSON array.",
      examples: [("jsonArraySize('[1, 2, 3]')", "3"), ("jsonArraySize('x')", "")],
      arguments: 1...1, computes: Operation(.jsonArraySize, .number)),
    Function(
      "jsonArrayContains", signature: "jsonArrayContains(list, value)",
      summary: "1 when the list, or text that is a JSON array, has the value, else 0.",
      examples: [
        ("jsonArrayContains('[\"a\", \"b\"]', \"a\")", "1"),
        ("jsonArrayContains('[\"a\", \"b\"]', \"A\")", "0"),
      ],
      arguments: 2...2, computes: Operation(.jsonArrayContains, .boolean)),
    Function(
      "split", signature: "split(text, separator)",
      summary: "The list of the pieces between the separators.",
      examples: [("split(\"a,b,c\", \",\")[1]", "b")], arguments: 2...2,
      computes: Operation(.split, .list)),
  ]
}
