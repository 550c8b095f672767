/// What every HTML page of ours has: one file that needs nothing else.
///
/// No script, no font and nothing from the network; colours follow the reader's choice of light or
/// dark, and paper is white.
enum HTMLPage {
  /// Writes the page around what `appendBody` writes into its `main` element.
  ///
  /// - Throws: `OutputError` when the output cannot be written.
  static func write(
    title: String, to output: inout OutputBuffer,
    _ appendBody: (inout OutputBuffer) throws(OutputError) -> Void
  ) throws(OutputError) {
    output.append(
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta name="generator" content="insights">
      <title>\(escaped(PrintableText.line(of: title)))</title>
      <style>
      \(styleSheet)
      </style>
      </head>
      <body>
      <main>

      """)
    try appendBody(&output)
    output.append("</main>\n</body>\n</html>\n")
  }

  /// Text as it stands in an element or in a quoted attribute; control characters stay.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    escaped.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  private static let styleSheet = """
    :root {
      color-scheme: light dark;
      --page: #ffffff; --text: #1c2430; --quiet: #5a6675; --line: #d9dfe7; --panel: #f5f7fa;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --page: #12161c; --text: #e3e8ef; --quiet: #9aa7b6; --line: #2c3541; --panel: #1a2029;
      }
    }
    * { box-sizing: border-box; }
    body {
      margin: 0; background: var(--page); color: var(--text);
      font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
    }
    main { max-width: 72rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
    h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .75rem; }
    h2 {
      font-size: 1.15rem; line-height: 1.35; margin: 2.5rem 0 .75rem; padding-top: 1rem;
      border-top: 1px solid var(--line);
    }
    h3 { font-size: .95rem; margin: 1.25rem 0 .35rem; }
    h1, h2, h3, p, li, dd { overflow-wrap: anywhere; }
    td { overflow-wrap: break-word; }
    p, ul, dl { margin: .35rem 0; }
    ul { padding-left: 1.25rem; }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; width: 100%; font-size: .92em; }
    th, td { padding: .35rem .75rem .35rem 0; text-align: left; vertical-align: top; }
    th { color: var(--quiet); font-weight: 600; white-space: nowrap; }
    tr { border-bottom: 1px solid var(--line); }
    th.number, td.number {
      text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums;
    }
    td.time { white-space: nowrap; font-variant-numeric: tabular-nums; }
    dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; }
    dt { color: var(--quiet); }
    dd { margin: 0; }
    .log {
      background: var(--panel); border: 1px solid var(--line); border-radius: 6px;
      padding: .6rem .75rem; font: 12.5px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas,
        "DejaVu Sans Mono", monospace;
    }
    .log div { display: grid; grid-template-columns: max-content 1fr; column-gap: 1rem; }
    .log div.bare { grid-template-columns: 1fr; }
    .log .label { color: var(--quiet); white-space: pre; }
    .log .text { white-space: pre-wrap; overflow-wrap: anywhere; min-width: 0; }
    .log .omitted { color: var(--quiet); font-style: italic; }
    @media (max-width: 40rem) {
      .log div { grid-template-columns: 1fr; }
      dl { grid-template-columns: 1fr; }
      dd { margin-bottom: .4rem; }
    }
    @media print {
      :root {
        color-scheme: light;
        --page: #ffffff; --text: #000000; --quiet: #444444; --line: #bbbbbb; --panel: #ffffff;
      }
      body { font-size: 10.5pt; }
      main { max-width: none; padding: 0; }
      h2, h3 { break-after: avoid; }
      tr, li { break-inside: avoid; }
      .log { font-size: 8pt; }
      .scroll { overflow: visible; }
    }
    """
}
