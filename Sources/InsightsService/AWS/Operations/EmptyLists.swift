internal import InsightsEngine
internal import InsightsText

/// A list of things that do not exist in a local store, so that an empty list is the true result.
///
/// Clients request some of these as a preliminary step.
protocol EmptyList: AWSOperation {
  /// The member of the reply that contains the list.
  static var list: String { get }
}

extension EmptyList {
  static func respond(to request: AWSRequest, in service: LogService) throws -> AWSReply {
    // No list has a second page, so no token is valid.
    guard request.string("nextToken") == nil else { throw AWSError.invalidToken }
    if let name = request.string("logGroupName") {
      guard try service.withEngine({ try $0.hasLogGroup(named: name) }) else {
        throw AWSError.logGroupMissing
      }
    }
    return .json([list: []])
  }
}

private let pages: [Member] = [
  .optional("nextToken", .nextToken), .optional("limit", .integer(1...50)),
]

private let deliveryNames = Shape.list(1...20, of: .string(1...60, pattern: #"[\w-]*"#))

enum DescribeAccountPolicies: EmptyList {
  static let name = "DescribeAccountPolicies"
  static let list = "accountPolicies"
  static let members: [Member] = [
    .required(
      "policyType",
      .string(
        values: [
          "DATA_PROTECTION_POLICY", "SUBSCRIPTION_FILTER_POLICY", "FIELD_INDEX_POLICY",
          "TRANSFORMER_POLICY", "METRIC_EXTRACTION_POLICY", "RETENTION_POLICY",
        ])),
    .optional("policyName", .string()),
    .optional("accountIdentifiers", .accountIdentifiers),
    .optional("nextToken", .nextToken),
  ]
}

enum ListLogAnomalyDetectors: EmptyList {
  static let name = "ListLogAnomalyDetectors"
  static let list = "anomalyDetectors"
  static let members: [Member] = [.optional("filterLogGroupArn", .logGroupIdentifier)] + pages
}

enum ListAnomalies: EmptyList {
  static let name = "ListAnomalies"
  static let list = "anomalies"
  static let members: [Member] =
    [
      .optional("anomalyDetectorArn", .string(1...2048, pattern: #"[\w#+=/:,.@-]*"#)),
      .optional("suppressionState", .string(values: ["SUPPRESSED", "UNSUPPRESSED"])),
    ] + pages
}

enum DescribeMetricFilters: EmptyList {
  static let name = "DescribeMetricFilters"
  static let list = "metricFilters"
  static let members: [Member] =
    [
      .optional("logGroupName", .logGroupName), .optional("filterNamePrefix", .logStreamName),
      .optional("metricName", .string(0...255, pattern: "[^:*$]*")),
      .optional("metricNamespace", .string(0...255, pattern: "[^:*$]*")),
    ] + pages
}

enum DescribeSubscriptionFilters: EmptyList {
  static let name = "DescribeSubscriptionFilters"
  static let list = "subscriptionFilters"
  static let members: [Member] =
    [.required("logGroupName", .logGroupName), .optional("filterNamePrefix", .logStreamName)]
    + pages
}

enum DescribeResourcePolicies: EmptyList {
  static let name = "DescribeResourcePolicies"
  static let list = "resourcePolicies"
  static let members: [Member] =
    [
      .optional("resourceArn", .string()),
      .optional("policyScope", .string(values: ["ACCOUNT", "RESOURCE"])),
    ] + pages
}

enum ListScheduledQueries: EmptyList {
  static let name = "ListScheduledQueries"
  static let list = "scheduledQueries"
  static let validationCode = "ValidationException"
  static let members: [Member] = [
    .optional("maxResults", .integer(1...1000)), .optional("nextToken", .nextToken),
    .optional("state", .string(values: ["ENABLED", "DISABLED"])),
    .optional("scheduleType", .string(values: ["CUSTOMER_MANAGED", "AWS_MANAGED"])),
  ]
}

enum ListIntegrations: EmptyList {
  static let name = "ListIntegrations"
  static let list = "integrationSummaries"
  static let members: [Member] = [
    .optional("integrationNamePrefix", .string(1...50, pattern: #"[\.\-_/#A-Za-z0-9]+"#)),
    .optional("integrationType", .string(values: ["OPENSEARCH"])),
    .optional("integrationStatus", .string(values: ["PROVISIONING", "ACTIVE", "FAILED"])),
  ]
}

enum DescribeDeliveries: EmptyList {
  static let name = "DescribeDeliveries"
  static let list = "deliveries"
  static let validationCode = "ValidationException"
  static let members = [.optional("deliverySourceNames", deliveryNames)] + pages
}

enum DescribeDeliveryDestinations: EmptyList {
  static let name = "DescribeDeliveryDestinations"
  static let list = "deliveryDestinations"
  static let validationCode = "ValidationException"
  static let members = [.optional("names", deliveryNames)] + pages
}

enum DescribeDeliverySources: EmptyList {
  static let name = "DescribeDeliverySources"
  static let list = "deliverySources"
  static let validationCode = "ValidationException"
  static let members = [.optional("resourceArns", .list(1...20, of: .string()))] + pages
}

enum DescribeDestinations: EmptyList {
  static let name = "DescribeDestinations"
  static let list = "destinations"
  static let members: [Member] = [.optional("DestinationNamePrefix", .logStreamName)] + pages
}

enum DescribeExportTasks: EmptyList {
  static let name = "DescribeExportTasks"
  static let list = "exportTasks"
  static let members: [Member] =
    [
      .optional("taskId", .string(1...512)),
      .optional(
        "statusCode",
        .string(
          values: ["CANCELLED", "COMPLETED", "FAILED", "PENDING", "PENDING_CANCEL", "RUNNING"])),
    ] + pages
}

enum DescribeImportTasks: EmptyList {
  static let name = "DescribeImportTasks"
  static let list = "imports"
  static let members: [Member] =
    [
      .optional("importId", .string(1...256, pattern: #"[\-a-zA-Z0-9]+"#)),
      .optional(
        "importStatus", .string(values: ["IN_PROGRESS", "CANCELLED", "COMPLETED", "FAILED"])),
      .optional("importSourceArn", .string()),
    ] + pages
}
