import Foundation
import InsightsTestSupport
import Testing

@Suite("exchange of saved queries with AWS")
struct QueryExchangeTests {
  private let odd = "filter a = \"it's ${x} %{y}\" or b like /^\\s*\"$/\n|   limit {{count}}\n"

  private func program(_ queries: [String: String]) throws -> Program {
    let program = try Program()
    for (name, text) in queries {
      let path = program.path("Queries/\(name).insights")
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try text.write(toFile: path, atomically: true, encoding: .utf8)
    }
    return program
  }

  @Test("CloudFormation: each query is a resource, parameters filled in, log groups attached")
  func cloudFormation() throws {
    let program = try program([
      "team/odd one": "# title: Odd\n# description: An odd one\n# parameter: count=5\n\n" + odd
    ])
    let output = try program.run(
      "queries", "export", "team", "--to", "cloudformation", "--log-group", "/aws/lambda/shop",
      "--param", "count=7")
    #expect(output.status == 0)
    #expect(output.standardError == "")
    #expect(
      output.standardOutput == """
        AWSTemplateFormatVersion: "2010-09-09"
        Description: Saved queries of CloudWatch Logs Insights
        Resources:
          TeamOddOne:
            Type: AWS::Logs::QueryDefinition
            Properties:
              Name: "team/odd one"
              QueryString: |-
                # An odd one
                filter a = "it's ${x} %{y}" or b like /^\\s*"$/
                |   limit 7
              LogGroupNames:
                - "/aws/lambda/shop"

        """)
  }

  @Test("Terraform: nothing in a query is computed, and names are unique")
  func terraform() throws {
    let program = try program([
      "a/b-c": "# parameter: count=5\n" + odd,
      // A line that would end the block makes it a quoted text.
      "a/b/c": "filter @message like 'x'\n#\nQUERY\n| limit 1".replacing("#\n", with: "| fields\n"),
    ])
    let output = try program.run("queries", "export", "a/b-c", "a/b/c", "--to", "terraform")
    #expect(
      output.standardOutput == """
        resource "aws_cloudwatch_query_definition" "a_b_c" {
          name = "a/b-c"
          query_string = chomp(<<-QUERY
            filter a = "it's $${x} %%{y}" or b like /^\\s*"$/
            |   limit 5
          QUERY
          )
        }

        resource "aws_cloudwatch_query_definition" "a_b_c2" {
          name = "a/b/c"
          query_string = "filter @message like 'x'\\n| fields\\nQUERY\\n| limit 1"
        }

        """)
  }

  @Test("the script puts every query once and replaces those of the same name")
  func script() throws {
    let program = try program(["a/it's": "# parameter: count=5\n" + odd])
    _ = try program.folder.write(
      """
      #!/bin/sh
      for word in "$@"; do printf '<%s>' "$word" >> calls; done
      echo >> calls
      case $2 in describe-query-definitions) cat id;; esac
      """, to: "aws")
    func run(id: String) throws -> String {
      _ = try program.folder.write(id, to: "id")
      _ = try program.folder.write("", to: "calls")
      let output = try program.runShell(
        "chmod +x aws; PATH=.:$PATH; \"$0\" queries export a --to cli --log-group g1 | sh")
      #expect(output.status == 0, "\(output.standardError)")
      return try String(contentsOfFile: program.path("calls"), encoding: .utf8)
    }
    let query = odd.replacing("{{count}}\n", with: "5")
    let describe =
      "<logs><describe-query-definitions><--query-definition-name-prefix><a/it's><--query>"
      + "<queryDefinitions[?name=='a/it\\'s'].queryDefinitionId | [0]><--output><text>\n"
    let put = "<logs><put-query-definition><--name><a/it's><--query-string><\(query)>"
    #expect(try run(id: "None\n") == describe + put + "<--log-group-names><g1>\n")
    #expect(
      try run(id: "1f2e\n")
        == describe + put + "<--log-group-names><g1><--query-definition-id><1f2e>\n")
  }

  @Test("queries that AWS cannot run are left out and named; without any left it is 65")
  func leftOut() throws {
    let program = try program([
      "p/local": "SOURCE errors | limit 1\n", "p/fine": "limit 1\n",
    ])
    let output = try program.run("queries", "export", "p", "--to", "terraform")
    #expect(output.status == 0)
    #expect(output.standardOutput.contains("\"p/fine\""))
    #expect(!output.standardOutput.contains("p/local"))
    #expect(output.standardError.contains("'p/local' is left out: it reads tables"))
    let none = try program.run("queries", "export", "p/local", "--to", "cli")
    #expect(none.status == 65)
    #expect(none.standardOutput == "")
    #expect(try program.run("queries", "export", "nothing", "--to", "cli").status == 66)
    #expect(try program.run("queries", "export", "--to", "pulumi").status == 64)
  }

  @Test("a query that calls another is exported as it stands, unless what it calls is local")
  func calls() throws {
    let program = try program([
      "p/called": "filter a > {{n}}\n", "p/local": "SOURCE errors\n",
      "q/one": "$`p/called`(n = 1)\n",
      "q/two": "$`p/local`()\n",
    ])
    let output = try program.run("queries", "export", "q", "--to", "cloudformation")
    #expect(output.status == 0)
    #expect(output.standardOutput.contains("QueryString: |-\n        $`p/called`(n = 1)\n"))
    #expect(output.standardError.contains("'q/two' is left out: it reads tables"))
  }

  @Test("a query that does not compile is told and left out, and the status is 65")
  func broken() throws {
    let program = try program(["p/fine": "limit 1\n", "p/wrong": "limmit 1\n"])
    let output = try program.run("queries", "export", "p", "--to", "cli")
    #expect(output.status == 65)
    #expect(output.standardOutput.contains("put 'p/fine'"))
    #expect(output.standardError.contains("limmit"))
  }

  @Test("all built-in queries but the local ones are exported")
  func builtIn() throws {
    let output = try Program().run("queries", "export", "--to", "cloudformation")
    let local = Repository.files(in: "Queries", suffix: ".insights").filter {
      (try? Repository.text(of: $0))?.contains("# local: true") == true
    }
    let all = Repository.files(in: "Queries", suffix: ".insights")
    #expect(output.status == 0)
    #expect(
      output.standardOutput.components(separatedBy: "AWS::Logs::QueryDefinition").count - 1
        == all.count - local.count)
  }

  private let reply = #"""
    {"queryDefinitions": [
      {"queryDefinitionId": "1", "name": "Team/Slow \"ones\"", "lastModified": 1,
       "queryString": "# slow\nfilter @duration > {{ms}}\r\n| limit 5\n",
       "logGroupNames": ["/aws/lambda/a", "/aws/lambda/b"], "queryLanguage": "CWLI",
       "parameters": [{"name": "ms", "defaultValue": "1000", "description": "from\nhere"}]},
      {"name": "sql", "queryString": "SELECT 1", "queryLanguage": "SQL"},
      {"name": "../../etc/x", "queryString": "limit 1"},
      {"name": "///", "queryString": "limit 1"}, {"name": "no text"}
    ]}
    """#

  @Test("import makes a file of each definition, which runs under its name")
  func imports() throws {
    let program = try Program.withSampleStore()
    let file = try program.folder.write(reply, to: "reply.json")
    let output = try program.run("queries", "import", file, "--format", "csv")
    #expect(output.status == 0)
    #expect(
      output.standardOutput == """
        name,file,outcome
        "Team/Slow ""ones""\","Queries/Team/Slow ""ones"".insights",written
        sql,,left out
        ../../etc/x,Queries/etc/x.insights,written
        ///,,left out

        """)
    #expect(output.standardError.contains("'sql' is left out: it is written in SQL"))
    #expect(
      try String(
        contentsOfFile: program.path("Queries/Team/Slow \"ones\".insights"), encoding: .utf8)
          == """
          # title: Slow "ones"
          # log groups: /aws/lambda/a, /aws/lambda/b
          # parameter: ms=1000 — from here

          # slow
          filter @duration > {{ms}}
          | limit 5

          """)
    let run = try program.run("run", "Team/Slow \"ones\"", "--param", "ms=1", "--format", "json")
    #expect(run.status == 0)
  }

  @Test("import keeps files that differ unless told to replace them, and reads standard input")
  func keeps() throws {
    let program = try Program()
    func outcome(_ arguments: String...) throws -> String? {
      let output = try program.run(
        ["queries", "import", "-", "--queries", "q", "--format", "csv"] + arguments,
        input: Data(#"{"queryDefinitions":[{"name":"a","queryString":"limit 1"}]}"#.utf8))
      return output.standardOutput.split(separator: "\n").last.map(String.init)
    }
    #expect(try outcome() == "a,q/a.insights,written")
    #expect(try outcome() == "a,q/a.insights,unchanged")
    try "mine\n".write(toFile: program.path("q/a.insights"), atomically: true, encoding: .utf8)
    #expect(try outcome() == "a,q/a.insights,kept")
    #expect(try String(contentsOfFile: program.path("q/a.insights"), encoding: .utf8) == "mine\n")
    #expect(try outcome("--overwrite") == "a,q/a.insights,written")
  }

  @Test(
    "what is no reply is 65, what is not there 66",
    arguments: ["", "[]", "{", #"{"queryDefinitions": 1}"#, #"{"queryDefinitions": [{]}"#])
  func noReply(text: String) throws {
    let program = try Program()
    let file = try program.folder.write(text, to: "reply.json")
    #expect(try program.run("queries", "import", file).status == 65)
    #expect(try program.run("queries", "import", "nowhere.json").status == 66)
  }
}

@Suite("parameters of saved queries")
struct ParameterTests {
  private func run(_ declaration: String, _ query: String, _ arguments: String...) throws
    -> Program.Output
  {
    let program = try Program()
    let file = try program.folder.write("# parameter: \(declaration)\n\(query)\n", to: "q.insights")
    return try program.run(
      ["run", file, "--db", try SampleStore.path, "--format", "csv"] + arguments)
  }

  @Test("a parameter takes values of its type only")
  func types() throws {
    let limit = "limit {{count}} | stats count(*) as n"
    #expect(try run("count: number = 3 — how many", limit).standardOutput == "n\n3\n")
    #expect(
      try run("count:number=3", limit, "--param", "count=2").standardOutput == "n\n2\n")
    let wrong = try run("count: number = 3", limit, "--param", "count=many")
    #expect(wrong.status == 64)
    #expect(wrong.standardError.contains("parameter 'count' takes a number, not 'many'"))
    let bins = "stats count(*) by bin({{width}}) | limit 0"
    #expect(try run("width: period = 5m", bins).status == 0)
    #expect(try run("width: period = 5m", bins, "--param", "width=5").status == 64)
    let unknown = try run("count: integer = 3", limit)
    #expect(unknown.status == 65)
    #expect(unknown.standardError.contains("types: number, period, text"))
  }

  @Test("check and calls of saved queries know the types")
  func typesElsewhere() throws {
    let program = try Program.withSampleStore()
    try FileManager.default.createDirectory(
      atPath: program.path("Queries"), withIntermediateDirectories: true)
    let file = try program.folder.write(
      "# parameter: width: period\nstats count(*) by bin({{width}})\n", to: "Queries/bins.insights")
    #expect(try program.run("check", file).status == 0)
    #expect(try program.run("query", "$bins(width = 5m)").status == 0)
    let wrong = try program.run("query", "$bins(width = 5)")
    #expect(wrong.status == 65)
    #expect(wrong.standardError.contains("'width' of 'bins' takes a period, not '5'"))
  }

  @Test("a text is quoted even where it looks like a number")
  func text() throws {
    let query = "fields strlen({{id}}) as n | limit 1"
    #expect(try run("id: text = 007", query).standardOutput == "n\n3\n")
  }

  @Test("an installed pack comes after the folders and before the built-in queries")
  func installed() throws {
    let program = try Program()
    let output = try program.runShell(
      """
      mkdir -p prefix/bin prefix/share/insights/queries/lambda prefix/share/insights/queries/site
      cp "$0" prefix/bin/insights
      echo '# title: installed' > prefix/share/insights/queries/lambda/errors.insights
      echo '# title: site' > prefix/share/insights/queries/site/own.insights
      prefix/bin/insights queries show lambda/errors
      prefix/bin/insights queries show site/own
      mkdir -p Queries/lambda; echo '# title: mine' > Queries/lambda/errors.insights
      prefix/bin/insights queries show lambda/errors
      """)
    #expect(output.standardOutput == "# title: installed\n# title: site\n# title: mine\n")
  }
}

@Suite("links into AWS's console, run")
struct ConsoleLinkRunTests {
  private static let log = """
    2026-02-11T09:10:00.000Z first ERROR
    2026-02-11T09:45:00.000Z second ERROR
    2026-02-11T10:15:00.000Z third

    """

  private func program() throws -> Program {
    let program = try Program()
    try Self.log.write(toFile: program.path("x.log"), atomically: true, encoding: .utf8)
    try "2026-02-11T10:15:00.000Z other\n".write(
      toFile: program.path("y.log"), atomically: true, encoding: .utf8)
    for name in ["x", "y"] {
      #expect(
        try program.run("ingest", "\(name).log", "--log-group", "/aws/lambda/\(name)").status == 0)
    }
    return program
  }

  @Test("an exported query comes back as a link, with its groups and the last hour")
  func roundTrip() throws {
    let program = try program()
    let text = "# é and 'quotes'\nfilter @message like /ERR.R$/ | stats count(*) as n"
    try FileManager.default.createDirectory(
      atPath: program.path("Queries"), withIntermediateDirectories: true)
    try text.write(
      toFile: program.path("Queries/errors.insights"), atomically: true, encoding: .utf8)
    let export = try program.run(
      "queries", "export", "errors", "--to", "url", "--region", "eu-west-1", "--log-group",
      "/aws/lambda/x")
    #expect(export.status == 0)
    let link = export.standardOutput.trimmingCharacters(in: .newlines)
    #expect(
      link.hasPrefix(
        "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:logs-insights$3FqueryDetail$3D~(end~0~start~-3600~"
      ))
    for command in [["query", link], ["run", link]] {
      let output = try program.run(command + ["--now", "newest", "--format", "csv"])
      // The last hour has only one of the two.
      #expect(output.standardOutput == "n\n1\n")
      let whole = try program.run(
        command + ["--start", "2026-02-11", "--now", "newest", "--format", "csv"])
      #expect(whole.standardOutput == "n\n2\n")
    }
    #expect(try program.run("check", link).status == 0)
    #expect(try program.run("explain", link).status == 0)
    try link.write(toFile: program.path("link.txt"), atomically: true, encoding: .utf8)
    let file = try program.run("query", "--file", "link.txt", "--now", "newest", "--format", "csv")
    #expect(file.standardOutput == "n\n1\n")
  }

  @Test("a link that holds no query, and one without a region")
  func refusals() throws {
    let program = try program()
    let page = "https://console.aws.amazon.com/cloudwatch/home#logsV2:logs-insights"
    for command in ["query", "run", "check", "explain"] {
      let output = try program.run(command, page)
      #expect(output.status == 65)
      #expect(output.standardError.contains("holds no query"))
    }
    #expect(try program.run("queries", "export", "--to", "url", "--region", "x y").status == 64)
  }
}
