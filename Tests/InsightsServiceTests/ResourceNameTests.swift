import InsightsService
import Testing

@Suite("resource names")
struct ResourceNameTests {
  @Test(
    "a log group is named by its name or an ARN, whatever stands behind it",
    arguments: [
      "/aws/lambda/orders", "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/orders",
      "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/orders:*",
      "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/orders:",
      "arn:aws-cn:logs:cn-north-1::log-group:/aws/lambda/orders", "/aws/lambda/orders:*",
      "/aws/lambda/orders:",
    ])
  func logGroup(identifier: String) {
    #expect(ResourceName.logGroup(of: identifier) == "/aws/lambda/orders")
  }

  @Test("an ARN is read and written back")
  func roundTrip() {
    for text in [
      "arn:aws:logs:eu-west-1:123456789012:log-group:a/b",
      "arn:aws-us-gov:logs:r:000000000000:log-group:a:log-stream:2026/01/01/[$LATEST]x",
    ] {
      #expect(ResourceName(text)?.text == text)
    }
  }

  @Test(
    "other ARNs are none of a log group",
    arguments: [
      "arn:aws:s3:::bucket", "arn:aws:logs:r:1:query-definition:x", "arn:aws:logs:r:1:log-group:",
      "arn:aws:logs:r:1:log-group:a:b:c",
    ])
  func others(text: String) {
    #expect(ResourceName(text) == nil)
  }
}
