import Testing

@testable import InsightsTriage

@Suite("the called function in a caller's log")
struct CalledFunctionTests {
  @Test(
    "a parameter, an ARN or a URL names it",
    arguments: [
      #"invoke failed: {"FunctionName": "stock"}"#,
      "Invoke(FunctionName='stock', Payload=…) was throttled",
      "FunctionName=arn:aws:lambda:eu-west-1:123456789012:function:stock:live",
      "Rate exceeded for arn:aws:lambda:eu-west-1:123456789012:function:stock",
      "POST https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/stock/invocations 429",
      "POST https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/arn%3Aaws%3Alambda%3A"
        + "eu-west-1%3A1%3Afunction%3Astock/invocations 429",
    ])
  func named(text: String) {
    #expect(CalledFunction.named(in: text, by: "orders") == "stock")
  }

  @Test(
    "a variable, the caller itself, or nothing does not",
    arguments: [
      "Rate exceeded",
      "  response = client.invoke(FunctionName=name)",
      "in arn:aws:lambda:eu-west-1:123456789012:function:orders",
      "FunctionName is missing",
    ])
  func unnamed(text: String) {
    #expect(CalledFunction.named(in: text, by: "orders") == nil)
  }
}
