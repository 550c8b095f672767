import InsightsEngine
import InsightsText
import Testing

@Suite("links into AWS's console")
struct ConsoleLinkTests {
  private static let page =
    "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1"
  private static let now: Int64 = 1_770_801_300_000

  private func link(_ fragment: String) throws -> ConsoleLink {
    try ConsoleLink(Self.page + "#" + fragment)
  }

  @Test("today's console: query, groups and a range before now")
  func relative() throws {
    let link = try link(
      "logsV2:logs-insights$3FqueryDetail$3D~(end~0~start~-3600~timeType~'RELATIVE~tz~'UTC"
        + "~unit~'seconds~editorString~'fields*20*40timestamp*0a*7c*20limit*205~queryId~'a-b"
        + "~source~(~'*2faws*2flambda*2fx~'two)~lang~'CWLI~logClass~'STANDARD~queryBy~'logGroupName)"
    )
    #expect(link.query == "fields @timestamp\n| limit 5")
    #expect(link.logGroups == ["/aws/lambda/x", "two"])
    #expect(link.start?.milliseconds(now: Self.now) == Self.now - 3_600_000)
    #expect(link.end?.milliseconds(now: Self.now) == Self.now)
    #expect(link.eventFilter == nil)
  }

  @Test(
    "one query in every escaping that occurs",
    arguments: [
      // As written today.
      "logsV2:logs-insights$3FqueryDetail$3D~(end~0~start~-2~unit~'days~editorString~'limit*205~source~(~'g))",
      // Nothing escaped, and other parameters behind.
      "logsV2:logs-insights?queryDetail=~(end~0~start~-2~unit~'days~editorString~'limit*205~source~(~'g))&tab=logs",
      "logsV2:logs-insights$3FqueryDetail$3D~(end~0~start~-2~unit~'days~editorString~'limit*205~source~(~'g))$26tab$3Dlogs",
      // Escaped once, escaped twice, half escaped.
      "logsV2:logs-insights$3FqueryDetail$3D$7E$28end$7E0$7Estart$7E-2$7Eunit$7E$27days$7EeditorString$7E$27limit$2A205$7Esource$7E$28$7E$27g$29$29",
      "logsV2:logs-insights$3FqueryDetail$3D$257E$2528end$257E0$257Estart$257E-2$257Eunit$257E$2527days$257EeditorString$257E$2527limit$252A205$257Esource$257E$2528$257E$2527g$2529$2529",
      "logsV2:logs-insights$3FqueryDetail$3D$257E$2528end$257E0$257Estart$257E-2$257Eunit$257E$2527days$257EeditorString$257E$2527limit*205$257Esource$257E$2528$257E$2527g$2529$2529",
      "logsV2:logs-insights%3FqueryDetail%3D%7E%28end%7E0%7Estart%7E-2%7Eunit%7E%27days%7EeditorString%7E%27limit*205%7Esource%7E%28%7E%27g%29%29",
      // A blank as a percent-escape, a single group as a text, and the form before 2020.
      "logs-insights:queryDetail=~(editorString~'limit%205~source~'g~end~0~start~-2~unit~'days)",
      // What a shell leaves: the quotes are gone, or what begins with '$'.
      "logsV2:logs-insights$3FqueryDetail$3D~(end~0~start~-2~unit~days~editorString~limit*205~source~(~g))",
      "logsV2:logs-insightsFqueryDetailD~(end~0~start~-2~unit~'days~editorString~'limit*205~source~(~'g))6tabDlogs",
      // Other parameters before it and behind it.
      "logsV2:logs-insights$3Ftab$3Dlogs$26queryDetail$3D~(end~0~start~-2~unit~'days~editorString~'limit*205~source~(~'g))",
      "logsV2:logs-insights$3FqueryDetail$3D~(end~0~start~-2~unit~'days~editorString~'limit*205~source~(~'g));tab=logs",
      // Blanks as forms write them, a range in another unit, one that a script wrote without its sign.
      "logsV2:logs-insights$3FqueryDetail$3D~(end~0~start~-48~timeType~'RELATIVE~unit~'hours~editorString~'limit+5~source~(~'g))",
      "logsV2:logs-insights$3FqueryDetail$3D~(end~0~start~2.0~timeType~'RELATIVE~unit~'day~editorString~'limit%205~source~(~'g))",
      // Copied with what stood around it.
      "logsV2:logs-insights$3FqueryDetail$3D~(end~0~start~-2~unit~'days~editorString~'limit*205~source~(~'g)))`",
    ])
  func escapings(fragment: String) throws {
    let link = try link(fragment)
    #expect(link.query == "limit 5")
    #expect(link.logGroups == ["g"])
    #expect(link.start?.milliseconds(now: Self.now) == Self.now - 2 * 86_400_000)
    #expect(link.end?.milliseconds(now: Self.now) == Self.now)
  }

  @Test("a plus sign is a blank only where nothing else writes one")
  func plusSigns() throws {
    func query(_ text: String) throws -> String {
      try link("logsV2:logs-insights$3FqueryDetail$3D~(editorString~'\(text)~source~(~'g))").query
    }
    #expect(try query("filter+a+like+*2fx*2by*2f") == "filter a like /x+y/")
    #expect(try query("fields+*40timestamp*0A*7C+limit+5") == "fields @timestamp\n| limit 5")
    #expect(try query("fields*20a+b*20as*20c") == "fields a+b as c")
    let events = try link("logsV2:log-groups/log-group/g/log-events$3FfilterPattern$3D%22a+b%22")
    #expect(events.eventFilter == "strcontains(@message, \"a b\")")
  }

  @Test(
    "a link as chats and documents write it",
    arguments: ["<%>", "<%|open the query>", "[open the query](%)", "'%'", "`%`", "  %\n"])
  func wrapped(form: String) throws {
    let address = Self.page + "#logsV2:logs-insights$3FqueryDetail$3D~(editorString~'limit*205)"
    let text = form.replacing("%", with: address)
    #expect(ConsoleLink.isLink(text))
    #expect(try ConsoleLink(text).query == "limit 5")
  }

  @Test(
    "ranges by the calendar, and parts of units",
    arguments: [
      ("start~-1~unit~'months", 31 * 86_400_000), ("start~-1~unit~'years", 365 * 86_400_000),
      ("start~-0.5~unit~'hours", 1_800_000), ("start~'-90~unit~'MINUTES", 5_400_000),
    ] as [(String, Int64)])
  func units(range: String, distance: Int64) throws {
    let link = try link(
      "logsV2:logs-insights$3FqueryDetail$3D~(end~0~\(range)~timeType~'RELATIVE~editorString~'limit*205)"
    )
    #expect(link.start?.milliseconds(now: Self.now) == Self.now - distance)
  }

  @Test(
    "Log Analytics: the active tab, whose query names groups and range itself",
    arguments: [
      "log-analytics?active=%7E%27a&a.id=%7E%27eb5f&a.label=%7E%27Query*201&a.type=%7E%27query&a.query=%7E%27SOURCE*20*22g*22*20START*3d-3600s*20END*3d0s*20*7c*0alimit*205",
      // The page that one came from holds an older query.
      "log-analytics?active=%7E%27a&a.query=%7E%27SOURCE*20*22g*22*20START*3d-3600s*20END*3d0s*20*7c*0alimit*205&from=%23logsV2%3Alogs-insights%3FqueryDetail%3D~(end~0~editorString~'fields*20old~source~(~'h))",
      "log-analytics?active=~'b&a.query=~'limit*201&b.query=~'SOURCE*20*22g*22*20START*3d-3600s*20END*3d0s*20*7c*0alimit*205",
      "log-analytics$3Factive$3D~'a$26a.query$3D~'SOURCE*20*22g*22*20START*3d-3600s*20END*3d0s*20*7c*0alimit*205",
      "log-analytics?a.query=~'SOURCE+*22g*22+START*3d-3600s+END*3d0s+*7c*0alimit+5",
    ])
  func logAnalytics(fragment: String) throws {
    let link = try link(fragment)
    #expect(link.query == "SOURCE \"g\" START=-3600s END=0s |\nlimit 5")
    #expect(link.logGroups.isEmpty)
    #expect(link.start == nil)
  }

  @Test("a link that a sign-in page hands on")
  func destination() throws {
    let link = try ConsoleLink(
      "https://d-1234567890.awsapps.com/start/#/console?account_id=111122223333&role_name=Reader"
        + "&destination=https%3A%2F%2Feu-west-1.console.aws.amazon.com%2Fcloudwatch%2Fhome"
        + "%3Fregion%3Deu-west-1%23logsV2%3Alogs-insights%243FqueryDetail%243D~(editorString~'limit*205"
        + "~source~(~'g))")
    #expect(link.query == "limit 5")
    #expect(link.logGroups == ["g"])
  }

  @Test(
    "parentheses, quotes and tildes that a script left as they are belong to the text",
    arguments: [
      ("stats count(*) as n by bin(5m)", "~source~(~'g)"), ("stats count(*)", ""),
      ("filter a like /\\)/ or b = 'it''s'", "~source~(~'g)"), ("filter a =~ /x~y/", "~end~0"),
    ])
  func looseTexts(query: String, rest: String) throws {
    let link = try link("logsV2:logs-insights$3FqueryDetail$3D~(editorString~'\(query)\(rest))")
    #expect(link.query == query)
  }

  @Test("absolute times, resource names of groups, and other alphabets")
  func absolute() throws {
    let link = try link(
      "logsV2:logs-insights$3FqueryDetail$3D~(end~'2026-02-11T10*3a00*3a00.000Z~start~1770800400"
        + "~timeType~'ABSOLUTE~editorString~'filter*20a*20*3d*20*22*c3*a9*22"
        + "~source~(~'arn*3aaws*3alogs*3aeu-west-1*3a123456789012*3alog-group*3a*2faws*2flambda*2fx*3a*2a))"
    )
    #expect(link.query == "filter a = \"é\"")
    #expect(link.logGroups == ["/aws/lambda/x"])
    #expect(link.start?.milliseconds(now: 0) == 1_770_800_400_000)
    #expect(link.end?.milliseconds(now: 0) == 1_770_804_000_000)
  }

  @Test("links to log events become queries")
  func logEvents() throws {
    let stream = try link(
      "logsV2:log-groups/log-group/$252Faws$252Flambda$252Fx/log-events/"
        + "2026$252F03$252F04$252F$255B$2524LATEST$255D0c4e$3Fstart$3D-60000"
        + "$26filterPattern$3D$2522a$2520b$2522$26refEventId$3D1")
    #expect(
      stream.query == """
        fields @timestamp, @message
        | filter @logStream in ["2026/03/04/[$LATEST]0c4e"] and (strcontains(@message, "a b"))
        | sort @timestamp asc
        """)
    #expect(stream.logGroups == ["/aws/lambda/x"])
    #expect(stream.start?.milliseconds(now: Self.now) == Self.now - 60_000)

    let fields = try link(
      "logsV2:log-groups/log-group/g/log-events$3FfilterPattern$3D$255Bip$252C%20s$253D4*$255D")
    #expect(fields.eventFilter == "matchesFilterPattern(@message, \"[ip, s=4*]\")")

    let old = try link("logEventViewer:group=/aws/lambda/x;start=PT5M")
    #expect(old.query == "fields @timestamp, @message\n| sort @timestamp asc")
    #expect(old.eventFilter == "")
    #expect(old.start?.milliseconds(now: Self.now) == Self.now - 300_000)

    let live = try link(
      "logsV2:live-tail$3FlogGroupArns$3D~(~'arn*3aaws*3alogs*3aeu-west-1*3a1*3alog-group*3ag*3a*2a)"
        + "$26logStreamNames$3D~(~'s*2f1)")
    #expect(live.logGroups == ["g"])
    #expect(live.eventFilter == "@logStream in [\"s/1\"]")
    let joined = try link("logsV2:live-tail?logGroupArns=~(~'*2fg)~logStreamNames~(~'s*2f1)")
    #expect(joined.logGroups == ["/g"])
    #expect(joined.eventFilter == "@logStream in [\"s/1\"]")
  }

  @Test(
    "what cannot be run says why",
    arguments: [
      ("logsV2:logs-insights", ConsoleLinkError.noQuery),
      ("log-analytics?active=~'a&a.id=~'1&from=%23logsV2", .noQuery),
      ("logsV2:logs-insights$3FqueryDetail$3D~(queryId~'a-b~source~(~'g))", .queryIDOnly),
      ("logsV2:logs-insights$3FqueryDetail$3D~(editorString~'SELECT~lang~'SQL)", .language("SQL")),
      ("logsV2:logs-insights$3FqueryDetail$3D~(editorString~'limit*205~sour", .unreadable),
      ("logsV2:logs-insights$3FqueryDetail$3D~(editorString~'limit~start~'soon)", .time("soon")),
      ("alarmsV2:alarm/x", .unknownPage),
      (
        "logsV2:log-groups/log-group/g/log-events$3FfilterPattern$3D$255Bip",
        .filterPattern(
          pattern: "[ip", reason: "',' or ']' is expected before the end, at character 4")
      ),
    ])
  func refusals(fragment: String, error: ConsoleLinkError) {
    #expect(throws: error) { try link(fragment) }
  }
}
