/// The operations of the API's model that a local server cannot carry out, each with a code of its model.
///
/// They fail with a plain sentence: an empty success would be taken for the truth.
enum UnservedOperations {
  /// Names by the code that the operation's model has.
  private static let names: [(code: String, names: [String])] = [
    (
      "InvalidParameterException",
      [
        "AssociateKmsKey", "CreateExportTask", "CreateLogAnomalyDetector", "CreateLogGroup",
        "CreateLogStream", "DeleteAccountPolicy", "DeleteDataProtectionPolicy", "DeleteDestination",
        "DeleteIndexPolicy", "DeleteLogAnomalyDetector", "DeleteLookupTable", "DeleteMetricFilter",
        "DeleteQueryDefinition", "DeleteResourcePolicy", "DeleteRetentionPolicy",
        "DeleteSubscriptionFilter", "DescribeAccountPolicies", "DescribeDestinations",
        "DescribeExportTasks", "DescribeFieldIndexes", "DescribeIndexPolicies", "DescribeLogGroups",
        "DescribeLogStreams", "DescribeLookupTables", "DescribeMetricFilters", "DescribeQueries",
        "DescribeQueryDefinitions", "DescribeResourcePolicies", "DescribeSubscriptionFilters",
        "DisassociateKmsKey", "FilterLogEvents", "GetDataProtectionPolicy", "GetIntegration",
        "GetLogAnomalyDetector", "GetLogEvents", "GetLogFields", "GetLogGroupFields",
        "GetLogRecord", "GetLookupTable", "GetQueryResults", "ListAnomalies", "ListIntegrations",
        "ListLogAnomalyDetectors", "ListLogGroups", "ListLogGroupsForQuery", "ListTagsForResource",
        "PutAccountPolicy", "PutDataProtectionPolicy", "PutDestination", "PutDestinationPolicy",
        "PutIndexPolicy", "PutLogEvents", "PutQueryDefinition", "PutResourcePolicy",
        "PutRetentionPolicy", "StartQuery", "StopQuery", "TagLogGroup", "TagResource",
        "TestMetricFilter", "UntagResource", "UpdateAnomaly", "UpdateLogAnomalyDetector",
      ]
    ),
    (
      "ValidationException",
      [
        "AssociateSourceToS3TableIntegration", "CreateDelivery", "CreateLookupTable",
        "CreateScheduledQuery", "DeleteDelivery", "DeleteDeliveryDestination",
        "DeleteDeliveryDestinationPolicy", "DeleteDeliverySource", "DeleteIntegration",
        "DeleteLogGroup", "DeleteLogStream", "DeleteScheduledQuery",
        "DescribeConfigurationTemplates", "DescribeDeliveries", "DescribeDeliveryDestinations",
        "DescribeDeliverySources", "DisassociateSourceFromS3TableIntegration", "GetDelivery",
        "GetDeliveryDestination", "GetDeliveryDestinationPolicy", "GetDeliverySource",
        "GetScheduledQuery", "GetScheduledQueryHistory", "ListAggregateLogGroupSummaries",
        "ListScheduledQueries", "ListSourcesForS3TableIntegration", "PutDeliveryDestination",
        "PutDeliveryDestinationPolicy", "PutDeliverySource", "PutIntegration",
        "UpdateDeliveryConfiguration", "UpdateLookupTable", "UpdateScheduledQuery",
      ]
    ),
    (
      "InvalidOperationException",
      [
        "CancelExportTask", "CancelImportTask", "CreateImportTask", "DeleteTransformer",
        "DescribeImportTaskBatches", "DescribeImportTasks", "GetLogObject", "GetTransformer",
        "PutBearerTokenAuthentication", "PutLogGroupDeletionProtection", "PutMetricFilter",
        "PutSubscriptionFilter", "PutTransformer", "StartLiveTail", "TestTransformer",
      ]
    ),
    (
      "ResourceNotFoundException",
      [
        "ListTagsLogGroup", "UntagLogGroup",
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
    return AWSError(
      code, "\(name) needs a service of AWS's; insights serves the log events of this machine only")
  }
}
