/// The common frame of all HTML pages: one file without external resources.
///
/// It uses no script, no font and no network. Colours follow the reader's light or dark scheme;
/// printed pages are white.
enum HTMLPage {
  /// Writes the page; `appendBody` writes the content of its `main` element.
  ///
  /// - Throws: `OutputError` if the output cannot be written.
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
      \(Palette.styleSheet)
      \(styleSheet)
      </style>
      </head>
      <body>
      <main>

      """)
    try appendBody(&output)
    output.append("</main>\n</body>\n</html>\n")
  }

  /// Escapes text for an element or a quoted attribute; control characters are kept.
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
    .findings {
      list-style: none; padding: 0; margin: 1rem 0; border: 1px solid var(--line); border-radius: 8px;
    }
    .findings li {
      display: grid; grid-template-columns: 3rem minmax(0, 1fr); gap: .9rem; padding: .6rem .9rem;
    }
    .findings li + li { border-top: 1px solid var(--line); }
    .findings p { margin: 0 0 .2rem; }
    .status {
      display: block; text-align: center; border-radius: 4px; padding: .05rem 0; font-size: .95rem;
      font-variant-numeric: tabular-nums; color: var(--on-status); background: var(--server);
    }
    .status.caller { background: var(--caller); }
    .findings small { display: block; text-align: center; color: var(--quiet); margin-top: .1rem; }
    .findings .cause { font-weight: 600; }
    .findings a { text-decoration: none; }
    .findings a:hover, .findings a:focus { text-decoration: underline; }
    .findings .about { color: var(--quiet); font-size: .92em; }
    .findings .evidence {
      font: .86em/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
      background: var(--panel); border-radius: 4px; padding: .2rem .5rem; margin: .25rem 0;
    }
    .cause, .evidence, .log .text { unicode-bidi: plaintext; }
    .opening > h2 { border: 0; padding: 0; margin: .5rem 0 .25rem; font-size: 1.3rem; }
    .opening { margin-bottom: 1.5rem; }
    .tiles {
      list-style: none; padding: 0; margin: 1.25rem 0; display: grid; gap: .5rem;
      grid-template-columns: repeat(auto-fill, minmax(10.5rem, 1fr));
    }
    .tiles a {
      display: flex; flex-direction: column; height: 100%; padding: .45rem .75rem;
      border: 1px solid var(--line); border-radius: 6px; background: var(--panel);
      color: var(--quiet); font-size: .92em; line-height: 1.4; text-decoration: none;
    }
    .tiles a:hover, .tiles a:focus { border-color: var(--link); }
    .tiles .fact { color: var(--text); }
    .tiles b { font-size: 1.25rem; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
    .tiles .empty a { background: none; }
    .tiles .empty .fact { color: var(--quiet); }
    .tiles .empty b { font-weight: 400; }
    .charts { margin: .75rem 0; display: grid; gap: 1rem 2rem; }
    .charts.small { grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); }
    figure { margin: 0; min-width: 0; }
    figcaption { font-weight: 600; font-size: .92em; margin-bottom: .3rem; overflow-wrap: anywhere; }
    .bars {
      display: grid; grid-template-columns: fit-content(45%) minmax(3rem, 1fr) max-content;
      gap: .3rem .6rem; align-items: center; font-size: 12.5px; line-height: 1.25;
    }
    .bars .name { text-align: right; color: var(--quiet); overflow-wrap: anywhere; }
    .bars .track { position: relative; height: 14px; }
    .bars .mark { position: absolute; top: 0; bottom: 0; min-width: 1px; background: var(--s0); }
    .bars .value { font-variant-numeric: tabular-nums; text-align: right; }
    .plot {
      display: grid; grid-template-columns: max-content minmax(0, 1fr); column-gap: .5rem;
      padding-right: .25rem; font-size: 12px; line-height: 1; font-variant-numeric: tabular-nums;
    }
    .plot .values { display: grid; height: 200px; color: var(--quiet); text-align: right; }
    .plot .values span { grid-area: 1 / 1; position: relative; height: 0; translate: 0 -.5em; }
    .plot .times { grid-column: 2; position: relative; height: 1.9em; }
    .plot .times span {
      position: absolute; top: 0; padding-top: 7px; white-space: nowrap; translate: -50%;
    }
    .plot .times span::before {
      content: ""; position: absolute; top: 0; left: 50%; height: 4px;
      border-left: 1px solid var(--quiet);
    }
    .plot .times .last { translate: -100%; }
    .plot .times .last::before { left: calc(100% - 1px); }
    svg { display: block; width: 100%; height: 200px; overflow: visible; }
    svg path { vector-effect: non-scaling-stroke; }
    svg .axis { stroke: var(--quiet); fill: none; }
    svg .grid { stroke: var(--line); fill: none; }
    .s0 { --c: var(--s0); } .s1 { --c: var(--s1); } .s2 { --c: var(--s2); } .s3 { --c: var(--s3); }
    .s4 { --c: var(--s4); } .s5 { --c: var(--s5); } .s6 { --c: var(--s6); } .s7 { --c: var(--s7); }
    .s8 { --c: var(--s8); }
    .mark { fill: var(--c); }
    .line, .point, .hit { fill: none; stroke-linecap: round; stroke-linejoin: round; }
    .line { stroke: var(--c); stroke-width: 2; }
    .point { stroke: var(--c); stroke-width: 6; }
    .dash1 .line { stroke-dasharray: 6 4; }
    .dash2 .line { stroke-dasharray: 1 4; }
    .hit { stroke: transparent; stroke-width: 10; }
    .hit:hover { stroke: var(--c); }
    .legend {
      list-style: none; padding: 0; margin: -.5rem 0 0; display: flex; flex-wrap: wrap;
      gap: .2rem 1.25rem; font-size: .92em; color: var(--quiet);
    }
    .legend li { overflow-wrap: anywhere; }
    .legend i {
      display: inline-block; width: 1.1rem; border-top: 3px solid var(--c); margin-right: .45rem;
      vertical-align: middle;
    }
    .legend .dash1 i { border-top-style: dashed; }
    .legend .dash2 i { border-top-style: dotted; }
    .dashboard {
      display: grid; grid-template-columns: repeat(24, minmax(0, 1fr)); grid-auto-rows: 44px;
      gap: 8px;
    }
    .widget {
      grid-area: var(--at); overflow: auto; padding: .4rem .7rem; border: 1px solid var(--line);
      border-radius: 6px;
    }
    .dashboard .plot .times .minor { display: none; }
    main:has(.dashboard) { max-width: 110rem; }
    .widget h2 { border: 0; padding: 0; margin: 0 0 .4rem; font-size: 1rem; }
    @media (max-width: 40rem) {
      .dashboard { display: block; }
      main { padding: 1rem .8rem 3rem; }
      .findings li { padding: .6rem; gap: .6rem; grid-template-columns: 2.6rem minmax(0, 1fr); }
      .tiles { grid-template-columns: 1fr 1fr; }
      .plot .times .minor { display: none; }
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
      .status { color: var(--text); background: none; border: 1px solid var(--quiet); }
      table { font-size: 7.5pt; }
      th, td { padding-right: .6rem; }
      td.prose, th.prose { min-width: 0; }
      td { overflow-wrap: anywhere; }
      td.id, td.time { white-space: normal; }
      td.number, td.word, th { overflow-wrap: normal; }
      pre { font-size: 7pt; }
      .tiles a { background: none; }
      figure, .tiles li, .findings li { break-inside: avoid; }
      .mark { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
      details::details-content { content-visibility: visible; display: block; }
      details.query { display: none; }
    }
    """
}
