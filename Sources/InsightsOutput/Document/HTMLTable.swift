internal import InsightsModel
internal import InsightsText

/// Writes rows as an HTML table.
///
/// Multi-line texts show their first line and expand on demand; on paper they are complete.
enum HTMLTable {
  /// Appends the table, in a box that scrolls if it is wider than the page.
  static func append(
    _ table: ResultTable, in timeZone: TimeZone = .utc, caption: String? = nil,
    to output: inout OutputBuffer
  ) throws(OutputError) {
    let classes = table.columns.indices.map { attribute(ofColumn: $0, in: table) }
    let label =
      caption.map { " tabindex=\"0\" role=\"region\" aria-label=\"\(escaped($0))\"" } ?? ""
    output.append("<div class=\"scroll\"\(label)><table>\n<thead><tr>")
    for (column, attribute) in zip(table.columns, classes) {
      output.append("<th scope=\"col\"\(attribute)>\(escaped(column.name))</th>")
    }
    output.append("</tr></thead>\n<tbody>\n")
    for row in table.rows {
      output.append("<tr>")
      for index in table.columns.indices {
        output.append("<td\(classes[index])>")
        if index < row.count {
          append(row[index], of: table.columns[index], in: timeZone, to: &output)
        }
        output.append("</td>")
      }
      output.append("</tr>\n")
      try output.flushIfFull()
    }
    output.append("</tbody>\n</table></div>\n")
  }

  private static func append(
    _ value: Value, of column: ResultColumn, in timeZone: TimeZone, to output: inout OutputBuffer
  ) {
    if case .text(let text) = value, PrintableText.isMultiline(text) {
      let lines = PrintableText.lines(of: text)
      output.append(
        "<details><summary>\(escaped(lines[0]))</summary>"
          + "<pre>\(HTMLPage.escaped(lines.dropFirst().joined(separator: "\n")))</pre></details>")
    } else {
      var bytes: [UInt8] = []
      column.appendText(of: value, in: timeZone, to: &bytes)
      output.append(escaped(String(decoding: bytes, as: UTF8.self)))
    }
  }

  private static func attribute(ofColumn index: Int, in table: ResultTable) -> String {
    let column = table.columns[index]
    switch column.type {
    case .number: return " class=\"number\""
    case .timestamp: return " class=\"time\""
    case .any, .text, .boolean, .structure, .list, .element: break
    }
    var isNumeric = true
    var isIdentifier = true
    var longest = 0
    for row in table.rows where index < row.count && !row[index].isMissing {
      guard case .text(let text) = row[index] else {
        isIdentifier = false
        continue
      }
      isNumeric = false
      longest = max(longest, text.utf8.count)
      isIdentifier = isIdentifier && text.utf8.count >= 16 && isIdentifying(text)
    }
    if longest == 0 { return isNumeric && !isIdentifier ? " class=\"number\"" : "" }
    if isIdentifier { return " class=\"id\"" }
    return longest > 40 ? " class=\"prose\"" : longest <= 24 ? " class=\"word\"" : ""
  }

  /// Whether a text looks like an id: hexadecimal digits and hyphens.
  private static func isIdentifying(_ text: String) -> Bool {
    text.utf8.allSatisfy { byte in
      byte == UInt8(ascii: "-") || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
        || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "f"))
    }
  }

  private static func escaped(_ text: String) -> String {
    HTMLPage.escaped(PrintableText.line(of: text))
  }
}
