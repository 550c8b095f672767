/// The tools, in the order in which clients list them.
///
/// A new one is a file and a line.
enum MCPToolRegistry {
  static let all: [any MCPTool.Type] = [
    TriageTool.self,
    RequestStoryTool.self,
    DescribeLogGroupsTool.self,
    DescribeFieldsTool.self,
    ExecuteQueryTool.self,
    QueryResultsTool.self,
    CancelQueryTool.self,
    ExecuteBatchTool.self,
    AnalyzeLogGroupTool.self,
    CheckQueryTool.self,
    ExplainQueryTool.self,
    ListSavedQueriesTool.self,
    RunSavedQueryTool.self,
    MetricsTool.self,
    RecommendIndexesLogGroupTool.self,
    RecommendIndexesAccountTool.self,
  ]
}
