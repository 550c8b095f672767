internal import InsightsText

/// Writes saved queries for tools that create them in an AWS account.
public enum QueryExport: String, CaseIterable, Hashable, Sendable {
  /// A CloudFormation template in YAML.
  case cloudformation
  /// Resources of Terraform's AWS provider.
  case terraform
  /// A shell script that calls the AWS command line.
  case cli
  /// Links that open the queries in AWS's console.
  case url

  /// Whether the output is specific to a region.
  public var needsRegion: Bool { self == .url }

  /// Returns the output for `queries`; `logGroups` are what they read when opened, if not empty.
  ///
  /// `region`, such as `eu-west-1`, is the target of links.
  public func text(for queries: [ExportedQuery], logGroups: [String], region: String) -> String {
    switch self {
    case .cloudformation: cloudFormation(queries, logGroups)
    case .terraform: terraform(queries, logGroups)
    case .cli: script(queries, logGroups)
    case .url: links(queries, logGroups, region: region)
    }
  }

  // MARK: Links

  /// One link per line; with several queries each has its name above it.
  private func links(_ queries: [ExportedQuery], _ logGroups: [String], region: String) -> String {
    queries.map { query in
      let link = ConsoleLink.address(of: query.text, logGroups: logGroups, region: region)
      return (queries.count > 1 ? "# \(query.name)\n" : "") + link + "\n"
    }.joined()
  }

  // MARK: CloudFormation

  private func cloudFormation(_ queries: [ExportedQuery], _ logGroups: [String]) -> String {
    var text = """
      AWSTemplateFormatVersion: "2010-09-09"
      Description: Saved queries of CloudWatch Logs Insights
      Resources:

      """
    var names = UniqueNames()
    for query in queries {
      let words = query.name.split { !$0.isASCII || !($0.isLetter || $0.isNumber) }
      let identifier = words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
      text += "  \(names.unique(identifier.isEmpty ? "Query" : identifier)):\n"
      text += "    Type: AWS::Logs::QueryDefinition\n    Properties:\n"
      text += "      Name: \(json(query.name))\n"
      text += "      QueryString: \(yaml(query.text, indentation: "        "))\n"
      if !logGroups.isEmpty {
        text += "      LogGroupNames:\n"
        for group in logGroups { text += "        - \(json(group))\n" }
      }
    }
    return text
  }

  /// A YAML block if it preserves the text, otherwise a quoted text.
  private func yaml(_ text: String, indentation: String) -> String {
    let isPlain = text.unicodeScalars.allSatisfy { scalar in
      scalar == "\n" || (scalar.value >= 0x20 && scalar.value < 0x7F)
        || (scalar.value >= 0xA0 && scalar.value < 0xD800
          && !(0x2028...0x2029).contains(scalar.value))
    }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard isPlain, let first = lines.first, let last = lines.last, !first.isEmpty, !last.isEmpty,
      !lines.contains(where: { $0.hasPrefix(" ") && $0.allSatisfy { $0 == " " } }),
      !first.hasPrefix(" ")
    else { return json(text) }
    return "|-" + lines.map { $0.isEmpty ? "\n" : "\n\(indentation)\($0)" }.joined()
  }

  /// A quoted text that is valid in both JSON and YAML.
  private func json(_ text: String) -> String {
    var bytes: [UInt8] = []
    JSONWriter.append(string: text, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  // MARK: Terraform

  private func terraform(_ queries: [ExportedQuery], _ logGroups: [String]) -> String {
    var names = UniqueNames()
    return queries.map { query in
      let words = query.name.split { !$0.isASCII || !($0.isLetter || $0.isNumber) }
      let identifier = words.joined(separator: "_").lowercased()
      // Identifiers begin with a letter.
      let name = identifier.first?.isLetter == true ? identifier : "query_" + identifier
      var text = "resource \"aws_cloudwatch_query_definition\" \"\(names.unique(name))\" {\n"
      text += "  name = \(hcl(query.name))\n"
      if !logGroups.isEmpty {
        text += "  log_group_names = [\(logGroups.map(hcl).joined(separator: ", "))]\n"
      }
      return text + "  query_string = \(hclBlock(query.text))\n}\n"
    }.joined(separator: "\n")
  }

  /// A heredoc; a text that contains the delimiter is quoted instead.
  private func hclBlock(_ text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let mark = "QUERY"
    guard !lines.contains(where: { $0.filter { $0 != " " && $0 != "\t" } == mark }),
      text.unicodeScalars.allSatisfy({ $0 == "\n" || $0.value >= 0x20 }), lines.last != ""
    else { return hcl(text) }
    let body = lines.map { $0.isEmpty ? "" : "    \(hclTemplate(String($0)))" }
    // The delimiter has its own line, so the text would end with a line break.
    return "chomp(<<-\(mark)\n\(body.joined(separator: "\n"))\n  \(mark)\n  )"
  }

  private func hcl(_ text: String) -> String {
    var quoted = "\""
    for scalar in hclTemplate(text).unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  /// Escapes text, so that nothing is interpolated.
  private func hclTemplate(_ text: String) -> String {
    var escaped = ""
    var previous: Character?
    for character in text {
      if character == "{", let previous, previous == "$" || previous == "%" {
        escaped.append(previous)
      }
      escaped.append(character)
      previous = character
    }
    return escaped
  }

  // MARK: Command line

  private func script(_ queries: [ExportedQuery], _ logGroups: [String]) -> String {
    let groups = logGroups.map { " " + shell($0) }.joined()
    var text = """
      #!/bin/sh
      # Puts saved queries of CloudWatch Logs Insights into the account that the AWS command line is
      # set up for. Queries of the same name are replaced.
      set -eu

      put() {
        id=$(aws logs describe-query-definitions --query-definition-name-prefix "$1" \\
          --query "$2" --output text)
        name=$1 query=$3
        shift 3
        case $id in
          "" | None) ;;
          *) set -- "$@" --query-definition-id "$id" ;;
        esac
        aws logs put-query-definition --name "$name" --query-string "$query" "$@"
      }

      """
    for query in queries {
      let name = query.name.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
      let filter = "queryDefinitions[?name=='\(name)'].queryDefinitionId | [0]"
      text += "\nput \(shell(query.name)) \\\n  \(shell(filter)) \\\n  \(shell(query.text))"
      text += groups.isEmpty ? "\n" : " \\\n  --log-group-names\(groups)\n"
    }
    return text
  }

  /// Quotes a text as one word of a shell.
  private func shell(_ text: String) -> String {
    "'" + text.replacing("'", with: "'\\''") + "'"
  }
}

/// Makes names unique.
private struct UniqueNames {
  private var taken: Set<String> = []

  mutating func unique(_ name: String) -> String {
    var candidate = name
    var number = 2
    while !taken.insert(candidate).inserted {
      candidate = "\(name)\(number)"
      number += 1
    }
    return candidate
  }
}
