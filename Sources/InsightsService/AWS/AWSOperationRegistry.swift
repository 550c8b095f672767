/// The operations of the API that are carried out here.
///
/// A new one is a file and a line.
public enum AWSOperationRegistry {
  public static let all: [any AWSOperation.Type] = [
    CreateLogGroup.self,
    CreateLogStream.self,
    DeleteLogGroup.self,
    DeleteLogStream.self,
    DeleteRetentionPolicy.self,
    DescribeLogGroups.self,
    DescribeLogStreams.self,
    FilterLogEvents.self,
    GetLogEvents.self,
    ListLogGroups.self,
    ListTagsForResource.self,
    ListTagsLogGroup.self,
    PutLogEvents.self,
    PutLogGroupDeletionProtection.self,
    PutRetentionPolicy.self,
    StartLiveTail.self,
    TagLogGroup.self,
    TagResource.self,
    TestMetricFilter.self,
    UntagLogGroup.self,
    UntagResource.self,
  ]

  static let byName: [String: any AWSOperation.Type] = Dictionary(
    uniqueKeysWithValues: all.map { ($0.name, $0) })
}
