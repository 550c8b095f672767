public import InsightsEngine
public import InsightsModel
internal import InsightsQuery

extension Engine {
  /// Returns the widgets of a dashboard with their results, in the order of its body.
  ///
  /// `range` overrides the ranges of widgets and dashboard. A widget that cannot be answered
  /// contains the reason.
  ///
  /// - Throws: `StoreError` if the store cannot be read, or a limit is reached.
  public func answers(
    to dashboard: Dashboard, range: TimeRange? = nil, logGroups: [String] = [], now: Int64
  ) throws -> [AnsweredWidget] {
    let metrics = DashboardMetrics(engine: self, logGroups: logGroups)
    var layout = WidgetLayout()
    return try dashboard.widgets.map { widget in
      let range =
        range ?? widget.range.timeRange(at: now) ?? dashboard.range.timeRange(at: now)
        ?? DashboardRange.usual(at: now)
      let (x, y) = layout.position(of: widget)
      return AnsweredWidget(
        title: widget.title, type: widget.type, x: x, y: y, width: widget.width,
        height: widget.height, view: widget.view,
        content: try content(of: widget, range, logGroups, now: now, metrics))
    }
  }

  private func content(
    of widget: DashboardWidget, _ range: TimeRange, _ logGroups: [String], now: Int64,
    _ metrics: DashboardMetrics
  ) throws -> AnsweredWidget.Content {
    switch widget.content {
    case .text(let text): return .text(text)
    case .unanswered(let reason): return .unanswered(reason)
    case .log(let query):
      do {
        let name = widget.title.isEmpty ? "widget" : widget.title
        let options = Binder.Options(timeRange: range, logGroups: logGroups, now: now)
        return .rows(try answer(SourceText(query, name: name), options: options).table)
      } catch let error as QueryError {
        let reason = error.diagnostics.first { $0.severity == .error }?.message
        return .unanswered("its query does not compile: \(reason ?? "")")
      }
    case .metrics(let list, let options):
      let series = try metrics.series(of: list, options, in: range)
      let reasons = series.compactMap(\.unanswered)
      // A reason that all series share is reported for the widget.
      if let reason = reasons.first, reasons.count == series.count { return .unanswered(reason) }
      return .series(series)
    }
  }
}

/// Places widgets without a position in rows, as many as fit.
private struct WidgetLayout {
  private static let columnCount: Int64 = 24
  private var x: Int64 = 0
  private var y: Int64 = 0
  private var rowHeight: Int64 = 0

  mutating func position(of widget: DashboardWidget) -> (x: Int64, y: Int64) {
    if let x = widget.x, let y = widget.y { return (x, y) }
    if x > 0, x + widget.width > Self.columnCount {
      x = 0
      y += rowHeight
      rowHeight = 0
    }
    defer {
      x += widget.width
      rowHeight = max(rowHeight, widget.height)
    }
    return (x, y)
  }
}
