import InsightsModel
import Testing

@testable import InsightsClickHouse

@Suite("table of events on a server")
struct EventsTableTests {
  @Test(
    "every system field has a column on the server, or SQL that composes it",
    arguments: SystemField.allCases)
  func systemFields(_ field: SystemField) {
    if field.isStored {
      #expect(
        EventsTable.table.columns.contains { $0.name == field.column },
        "add the column to EventsTable, or except the field from SystemField.isStored")
    } else {
      #expect(
        RemoteRelation.events.fields[field.rawValue] != nil, "compose it in RemoteRelation.events")
    }
  }
}
