/// The endpoints below `/api`.
///
/// A new one is a file and a line.
public enum APIRegistry {
  /// All endpoints.
  public static let all: [any APIHandler.Type] = [
    CheckHandler.self,
    CompleteHandler.self,
    DashboardHandler.self,
    ExplainHandler.self,
    ExportHandler.self,
    FieldsHandler.self,
    FilledQueryHandler.self,
    GroupsHandler.self,
    InfoHandler.self,
    MetricsHandler.self,
    QueryHandler.self,
    RecordHandler.self,
    SavedQueriesHandler.self,
    TailHandler.self,
    TriageHandler.self,
  ]
}
