/// The operations of the API's model that a local server cannot perform, each with an error code of
/// its model.
///
/// They fail with a clear message, as an empty success would be misleading.
enum UnservedOperations {
  /// The names by error code of the operation's model.
  private static let names: [(code: String, names: [String])] = [
    (
      "InvalidOperationException",
      [
        "CancelExportTask", "CancelImportTask", "CreateImportTask", "DeleteSyslogConfiguration",
        "DeleteTransformer", "DescribeImportTaskBatches", "GetTransformer",
        "ListSyslogConfigurations", "PutBearerTokenAuthentication", "PutMetricFilter",
        "PutSubscriptionFilter", "PutSyslogConfiguration", "PutTransformer", "TestTransformer",
      ]
    ),
    (
      "InvalidParameterException",
      [
        "AssociateKmsKey", "CreateExportTask", "CreateLogAnomalyDetector", "DeleteAccountPolicy",
        "DeleteDataProtectionPolicy", "DeleteDestination", "DeleteLogAnomalyDetector",
        "DeleteMetricFilter", "DeleteResourcePolicy", "DeleteSubscriptionFilter",
        "DisassociateKmsKey", "GetDataProtectionPolicy", "GetIntegration", "GetLogAnomalyDetector",
        "GetStorageTierPolicy", "PutAccountPolicy", "PutDataProtectionPolicy", "PutDestination",
        "PutDestinationPolicy", "PutResourcePolicy", "PutStorageTierPolicy", "UpdateAnomaly",
        "UpdateLogAnomalyDetector",
      ]
    ),
    (
      "ResourceNotFoundException",
      [
        "GetLogFields", "GetLogObject",
      ]
    ),
    (
      "ValidationException",
      [
        "AssociateSourceToS3TableIntegration", "CreateDelivery", "CreateScheduledQuery",
        "DeleteDelivery", "DeleteDeliveryDestination", "DeleteDeliveryDestinationPolicy",
        "DeleteDeliverySource", "DeleteIntegration", "DeleteScheduledQuery",
        "DescribeConfigurationTemplates", "DisassociateSourceFromS3TableIntegration", "GetDelivery",
        "GetDeliveryDestination", "GetDeliveryDestinationPolicy", "GetDeliverySource",
        "GetScheduledQuery", "GetScheduledQueryHistory", "ListAggregateLogGroupSummaries",
        "ListSourcesForS3TableIntegration", "PutDeliveryDestination",
        "PutDeliveryDestinationPolicy", "PutDeliverySource", "PutIntegration",
        "UpdateDeliveryConfiguration", "UpdateScheduledQuery",
      ]
    ),
  ]

  private static let codes: [String: String] = Dictionary(
    uniqueKeysWithValues: names.flatMap { entry in entry.names.map { ($0, entry.code) } })

  static func isKnown(_ name: String) -> Bool { codes[name] != nil }

  static func error(for name: String) -> AWSError {
    guard let code = codes[name] else {
      return AWSError("UnknownOperationException", "there is no operation '\(name)' in this API")
    }
    if name.contains("ScheduledQuery") {
      return AWSError(
        code, "\(name) is not served: run queries on a schedule with cron and 'insights run'")
    }
    return AWSError(
      code, "\(name) needs a service of AWS's; insights serves the log events of this machine only")
  }
}
