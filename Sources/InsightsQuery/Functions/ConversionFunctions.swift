internal import InsightsModel

extension Function {
  /// Functions that convert texts and numbers to numbers.
  static let conversions: [Function] = [
    Function(
      "toNumber", signature: "toNumber(text)",
      summary: "The number that a text is; missing where it is none.",
      examples: [("toNumber(\"1.50\")", "1.5"), ("toNumber(\"x\")", "")], arguments: 1...1,
      as: .exactNumber, computes: Operation(.exactNumber, .any)),
    Function(
      "toInt", signature: "toInt(number)",
      summary: "The whole part of a number; missing beyond 32 bits.",
      examples: [("toInt(\"3.9\")", "3"), ("toInt(-3.9)", "-3"), ("toInt(3000000000)", "")],
      arguments: 1...1, computes: Operation(.toInt, .number)),
    Function(
      "toLong", signature: "toLong(number)",
      summary: "The whole part of a number; missing beyond 64 bits.",
      examples: [("toLong(\"3000000000.7\")", "3000000000")], arguments: 1...1,
      computes: Operation(.toLong, .number)),
    Function(
      "toDouble", signature: "toDouble(text)", summary: "The number that a text is.",
      examples: [("toDouble(\"1.5\")", "1.5")], arguments: 1...1,
      computes: Operation(.toDouble, .number)),
    Function(
      "isNumeric", signature: "isNumeric(field)",
      summary: "1 when the value is a number, or text that is only a number, else 0.",
      examples: [("isNumeric(\"1.5\")", "1"), ("isNumeric(\"a\")", "0")], arguments: 1...1,
      computes: Operation(.isNumeric, .boolean)),
    Function(
      "hexToDec", signature: "hexToDec(text)",
      summary: "The number that hexadecimal digits denote, with or without 0x.",
      examples: [("hexToDec(\"0xff\")", "255"), ("hexToDec(\"FF\")", "255")], arguments: 1...1,
      computes: Operation(.hexToDec, .number)),
    Function(
      "decToHex", signature: "decToHex(number)",
      summary: "The whole part of a number in hexadecimal digits.",
      examples: [("decToHex(255)", "0xff"), ("decToHex(-255.9)", "-0xff")], arguments: 1...1,
      computes: Operation(.decToHex, .text)),
    Function(
      "haversine", signature: "haversine(latitude1, longitude1, latitude2, longitude2)",
      summary: "The way between two points on the earth in kilometres.",
      examples: [("floor(haversine(0, 0, 0, 180))", "20015")], arguments: 4...4, as: .number,
      computes: Operation(.haversine, .number)),
    Function(
      "histogram", signature: "histogram(number, width)",
      summary: "The lower border of the range of this width that the number lies in.",
      examples: [("histogram(120, 50)", "100"), ("histogram(-1, 50)", "-50")], arguments: 2...2,
      binding: { call, binder in
        call.expressions(in: &binder).map { arguments in
          let (number, width) = (arguments[0].asNumber, arguments[1].asNumber)
          let place = BoundExpression.call(.floor, [number.calling(.divided, width)])
          return .choice(among: [
            width.calling(.greater, .literal(.integer(0))), place.calling(.times, width),
          ])
        }
      }),
  ]
}
