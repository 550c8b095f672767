/// The operations of the API that are carried out here.
///
/// A new one is a file and a line.
public enum AWSOperationRegistry {
  public static let all: [any AWSOperation.Type] = [
    DescribeLogGroups.self,
    DescribeLogStreams.self,
    ListLogGroups.self,
  ]

  static let byName: [String: any AWSOperation.Type] = Dictionary(
    uniqueKeysWithValues: all.map { ($0.name, $0) })
}
