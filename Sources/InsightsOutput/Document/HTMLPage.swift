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
      --shade: #00000026; --link: #1d5fa8;
      --s1: #2a6fb8; --s2: #c2570c; --s3: #1c8047; --s4: #9333ab; --s5: #c02f3b;
      --s6: #0b7c93; --s7: #86640a; --s8: #56616f;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --page: #12161c; --text: #e3e8ef; --quiet: #9aa7b6; --line: #2c3541; --panel: #1a2029;
        --shade: #00000080; --link: #7ab8f5;
        --s1: #5aa2e6; --s2: #f08c4a; --s3: #4fc37c; --s4: #cf86e6; --s5: #f27581;
        --s6: #3cc4dc; --s7: #d9b23c; --s8: #a3afbd;
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
    .scroll {
      overflow-x: auto;
      /* A shadow on the side where there is more. */
      background:
        linear-gradient(to right, var(--page) 40%, transparent) 0 0 / 2rem 100% no-repeat local,
        linear-gradient(to left, var(--page) 40%, transparent) 100% 0 / 2rem 100% no-repeat local,
        linear-gradient(to right, var(--shade), transparent) 0 0 / .6rem 100% no-repeat scroll,
        linear-gradient(to left, var(--shade), transparent) 100% 0 / .6rem 100% no-repeat scroll;
    }
    table { border-collapse: collapse; min-width: min(100%, 40rem); font-size: .92em; }
    th, td { padding: .35rem 1.25rem .35rem 0; text-align: left; vertical-align: top; }
    th { color: var(--quiet); font-weight: 600; white-space: nowrap; }
    tr { border-bottom: 1px solid var(--line); }
    th.number, td.number {
      text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums;
    }
    td.prose, th.prose { min-width: 18rem; }
    td.id, code {
      font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
      font-size: .9em;
    }
    td.id, td.word { white-space: nowrap; }
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
    a { color: var(--link); }
    pre {
      margin: .35rem 0; font: 12.5px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas,
        "DejaVu Sans Mono", monospace;
      white-space: pre-wrap; overflow-wrap: anywhere;
    }
    summary { cursor: pointer; }
    .note, .none { color: var(--quiet); font-size: .92em; }
    details.query { margin-top: .6rem; color: var(--quiet); font-size: .92em; }
    .query pre, pre.query {
      background: var(--panel); border: 1px solid var(--line); border-radius: 6px;
      padding: .6rem .75rem; color: var(--text);
    }
    h2 code { color: var(--quiet); font-weight: 400; margin-left: .35rem; }
    .tiles {
      list-style: none; padding: 0; margin: 1.25rem 0; display: grid; gap: .5rem;
      grid-template-columns: repeat(auto-fill, minmax(12.5rem, 1fr));
    }
    .tiles a {
      display: flex; align-items: baseline; gap: .6rem; height: 100%; padding: .5rem .75rem;
      border: 1px solid var(--line); border-radius: 6px; background: var(--panel);
      color: var(--text); text-decoration: none;
    }
    .tiles a:hover, .tiles a:focus { border-color: var(--link); }
    .tiles b { font-size: 1.15rem; font-variant-numeric: tabular-nums; min-width: 1.5rem; }
    .tiles .empty a { color: var(--quiet); background: none; }
    .tiles .empty b { font-weight: 400; }
    .charts { margin: .75rem 0; display: grid; gap: 1rem 2rem; }
    .charts.small { grid-template-columns: repeat(auto-fit, minmax(26rem, 1fr)); }
    figure { margin: 0; overflow-x: auto; }
    figcaption { font-weight: 600; font-size: .92em; margin-bottom: .2rem; }
    svg { display: block; width: 100%; height: auto; min-width: 24rem; font: 12px inherit; }
    svg[viewBox^="0 0 560"] { max-width: 40rem; }
    svg[viewBox^="0 0 880"] { min-width: 40rem; }
    svg text { fill: var(--text); font-size: 12px; font-variant-numeric: tabular-nums; }
    svg .label { text-anchor: end; fill: var(--quiet); }
    svg .axis { stroke: var(--quiet); fill: none; }
    svg .grid { stroke: var(--line); fill: none; }
    .s1 { --c: var(--s1); } .s2 { --c: var(--s2); } .s3 { --c: var(--s3); } .s4 { --c: var(--s4); }
    .s5 { --c: var(--s5); } .s6 { --c: var(--s6); } .s7 { --c: var(--s7); } .s8 { --c: var(--s8); }
    .mark, .point { fill: var(--c, var(--s1)); }
    .line {
      stroke: var(--c); fill: none; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round;
    }
    .s5 .line, .s6 .line, .s7 .line, .s8 .line { stroke-dasharray: 6 4; }
    .hit { fill: transparent; }
    .hit:hover { fill: var(--c); }
    .legend {
      list-style: none; padding: 0; margin: -.5rem 0 0; display: flex; flex-wrap: wrap;
      gap: .2rem 1.25rem; font-size: .92em; color: var(--quiet);
    }
    .legend i {
      display: inline-block; width: 1.1rem; border-top: 3px solid var(--c); margin-right: .45rem;
      vertical-align: middle;
    }
    .legend .s5 i, .legend .s6 i, .legend .s7 i, .legend .s8 i { border-top-style: dashed; }
    @media (max-width: 40rem) {
      .log div { grid-template-columns: 1fr; }
      dl { grid-template-columns: 1fr; }
      dd { margin-bottom: .4rem; }
    }
    @page { margin: 14mm; }
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
      .scroll { overflow: visible; background: none; }
      .charts.small { grid-template-columns: 1fr 1fr; }
      svg, svg[viewBox^="0 0 880"] { min-width: 0; }
      table { font-size: 7.5pt; }
      th, td { padding-right: .6rem; }
      td.prose, th.prose { min-width: 0; }
      td { overflow-wrap: anywhere; }
      td.id, td.time { white-space: normal; }
      td.number, td.word, th { overflow-wrap: normal; }
      pre { font-size: 7pt; }
      .tiles a { background: none; }
      figure, .tiles li { break-inside: avoid; }
      .mark { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
      details::details-content { content-visibility: visible; display: block; }
      details.query { display: none; }
    }
    """
}
