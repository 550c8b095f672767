import InsightsText
import Testing

@Suite("names of functions")
struct FunctionNameTests {
  @Test(
    "the function that writes to a log group and stream",
    arguments: [
      ("/aws/lambda/orders", "2026/02/11/[$LATEST]9f8e", "orders", true),
      ("/shop", "2026/02/11/orders[$LATEST]9f8e", "orders", true),
      ("/shop/prod", "2026/02/11/[$LATEST]9f8e", "prod", false),
      ("/shop/prod", nil, "prod", false),
      (nil, "2026/02/11/[$LATEST]9f8e", nil, false),
      (nil, nil, nil, false),
    ] as [(String?, String?, String?, Bool)])
  func names(logGroup: String?, logStream: String?, name: String?, isCertain: Bool) {
    #expect(FunctionName.of(logGroup: logGroup, logStream: logStream) == name)
    #expect(FunctionName.isCertain(logGroup: logGroup, logStream: logStream) == isCertain)
  }

  @Test("the function of an ARN or a URL with one")
  func arns() {
    #expect(
      FunctionName.inARN("arn:aws:lambda:eu-west-1:123456789012:function:orders:prod") == "orders")
    #expect(
      FunctionName.inARN("…/functions/arn:aws:lambda:eu-west-1:1:function:orders/invocations")
        == "orders")
    #expect(FunctionName.inARN("arn:aws:sqs:eu-west-1:123456789012:orders") == nil)
    #expect(FunctionName.inARN("arn:aws:lambda:eu-west-1:1:function:") == nil)
  }
}
