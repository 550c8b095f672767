internal import InsightsStore
internal import InsightsText

/// Errors of Java: the runtime's output for an unhandled exception, and logged stacks.
///
/// The runtime's first line is `message: class`, the second one is reversed; frames follow.
enum JavaRuntime: LanguageRuntime {
  static let name = "java"
  static let sourceSuffixes = [".java", ".kt", ".scala", ".groovy", ".clj"]
  static let marks: ErrorMarks = .lineEnd

  static let lines: [TracebackLine] = [
    TracebackLine("Exception in thread \"", .head), TracebackLine("Caused by: ", .body),
    TracebackLine("at ", .body, isIndented: true), TracebackLine("... ", .body, isIndented: true),
    TracebackLine("Caused by: ", .body, isIndented: true),
    TracebackLine("Suppressed: ", .body, isIndented: true),
  ]
  static let outOfMemoryTypes = ["OutOfMemoryError"]

  /// Packages that never belong to the application.
  private static let packages = [
    "java.", "javax.", "jakarta.", "jdk.", "sun.", "com.sun.", "kotlin.", "kotlinx.", "scala.",
    "groovy.", "org.codehaus.groovy.", "clojure.", "com.amazonaws.", "software.amazon.",
    "lambdainternal.",
    "org.springframework.", "org.apache.", "org.hibernate.", "org.eclipse.", "org.jboss.",
    "org.postgresql.", "org.mariadb.", "com.mysql.", "com.zaxxer.", "oracle.", "com.fasterxml.",
    "com.google.", "com.github.", "io.micronaut.", "io.quarkus.", "io.vertx.", "io.netty.",
    "io.lettuce.", "io.grpc.", "io.opentelemetry.", "io.github.", "reactor.", "rx.", "okhttp3.",
    "okio.", "retrofit2.", "redis.", "net.bytebuddy.", "org.aspectj.", "ch.qos.", "org.slf4j.",
    "org.junit.", "org.mongodb.", "com.mongodb.", "org.elasticsearch.", "org.opensearch.",
    "com.datadoghq.", "datadog.", "com.newrelic.", "cats.", "zio.", "akka.",
  ]

  static func mayReportError(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    text.firstOffset(of: "\n\tat ") != nil
  }

  static func parse(_ message: EventMessage) -> RuntimeError? {
    let text = message.text
    let lines = text.textLines
    guard let first = lines.firstIndex(where: { $0.hasPrefix("\tat ") }), first > 0,
      let (type, detail, start) = exception(in: lines[..<first])
    else { return nil }
    // Code that logs a stack writes other text before it, not the reversed exception.
    let before = lines[..<start].joined(separator: "\n")
    let isUnhandled =
      lines[start].hasPrefix(threadHead) || before == "\(detail ?? type): \(type)"
      || (start == 1 && before.hasSuffix(": \(type)"))
    var error = RuntimeError(
      kind: isUnhandled ? .unhandled : .logged, language: JavaRuntime.self, type: type,
      message: detail)
    error.frames = lines[first...].prefix { $0.hasPrefix("\tat ") }.compactMap {
      frame($0.dropFirst())
    }
    error.traceback = text
    error.mayBeUnhandled = start == 0
    return error
  }

  /// The text that the virtual machine writes before the name of an exception that ends a thread.
  private static let threadHead = "Exception in thread \""

  /// Parses the exception that ended a thread: `Exception in thread "main" OrderMissing: order
  /// A-1`.
  private static func threadException(_ line: Substring) -> (type: Substring, rest: Substring)? {
    guard line.hasPrefix(threadHead), let quote = line.range(of: "\" ") else { return nil }
    let told = line[quote.upperBound...]
    let name = told.prefix { $0 != ":" }
    return name.isIdentifier ? (name, told[name.endIndex...].dropFirst()) : nil
  }

  /// Finds the exception in the lines above a stack, and the index of its line.
  ///
  /// Its message may have several lines, and the logger may write text before it.
  private static func exception(
    in lines: ArraySlice<Substring>
  ) -> (type: String, message: String?, line: Int)? {
    func message(_ line: Int, _ rest: Substring) -> String? {
      let parts = [rest.drop { $0 == " " }] + lines[(line + 1)...]
      let text = parts.joined(separator: "\n")
      return rest.isEmpty && parts.count == 1 ? nil : text
    }
    // Prefer the last line that begins with a class, then the first class anywhere.
    for (line, text) in lines.enumerated().reversed() {
      guard let (type, rest) = threadException(text) ?? leadingClass(text.withoutCause) else {
        continue
      }
      return (String(type), message(line, rest), line)
    }
    for (line, text) in lines.enumerated() {
      var rest = text.withoutCause
      while let colon = rest.firstIndex(of: ":") {
        let word = rest[..<colon].split(separator: " ").last ?? ""
        let after = rest[rest.index(after: colon)...]
        if isQualifiedClass(word) || word.isExceptionName {
          return (String(word), message(line, after), line)
        }
        rest = after
      }
      if let word = rest.split(separator: " ").last, line == lines.endIndex - 1,
        isQualifiedClass(word) || word.isExceptionName
      {
        return (String(word), nil, line)
      }
    }
    return nil
  }

  /// Returns the class at the beginning of a line, and the text after its colon.
  private static func leadingClass(_ line: Substring) -> (type: Substring, rest: Substring)? {
    let end = line.firstIndex { $0 == ":" || $0 == " " } ?? line.endIndex
    let word = line[..<end]
    guard isQualifiedClass(word) || word.isExceptionName || word.isCompoundName else { return nil }
    guard end < line.endIndex else { return (word, "") }
    guard line[end] == ":" else { return nil }
    return (word, line[line.index(after: end)...])
  }

  /// Whether a word is a class such as `com.acme.OrderClosed` or `com.acme.Orders$Closed`.
  private static func isQualifiedClass(_ word: Substring) -> Bool {
    guard word.isIdentifier, let dot = word.lastIndex(of: "."), word.first != "." else {
      return false
    }
    return word[word.index(after: dot)...].first?.isUppercase == true
  }

  /// Parses the frame `at com.acme.Store.put(Store.java:52) ~[orders.jar:?]`.
  static func frame(_ line: Substring) -> RuntimeError.Frame? {
    guard let open = line.firstIndex(of: "("), let close = line[open...].firstIndex(of: ")") else {
      return nil
    }
    let place = line[line.index(after: open)..<close]
    guard isPlace(place) else { return nil }
    var function = line[..<open]
    if function.hasPrefix("at ") { function = function.dropFirst(3) }
    guard function.contains("."), !function.contains(" ") else { return nil }
    var frame = RuntimeError.Frame(function: String(function))
    frame.ownText = "\(function)(\(place))"
    if let colon = place.lastIndex(of: ":") {
      frame.file = String(place[..<colon])
      frame.line = Int64(place[place.index(after: colon)...])
    }
    return frame
  }

  private static func isPlace(_ place: Substring) -> Bool {
    if ["Native Method", "Unknown Source", "<generated>"].contains(place) { return true }
    let file = place.split(separator: ":").first ?? ""
    return sourceSuffixes.contains { file.hasSuffix($0) }
  }

  static func isDependency(_ frame: RuntimeError.Frame) -> Bool {
    guard var function = frame.function?[...] else { return false }
    // Skip a module or class loader: `java.base/java.util…`, `app//com.acme…`.
    if let slash = function.lastIndex(of: "/") {
      function = function[function.index(after: slash)...]
    }
    return packages.contains { function.hasPrefix($0) }
  }

  static func place(of frame: RuntimeError.Frame) -> String? {
    if let text = frame.ownText { return text }
    let place = [frame.file, frame.line.map(String.init)].compactMap(\.self).joined(separator: ":")
    return frame.function.map { "\($0)(\(place))" }
  }
}

extension Substring {
  /// The line without `Caused by: `, for a stack that begins with its cause.
  fileprivate var withoutCause: Substring {
    hasPrefix("Caused by: ") ? dropFirst(11) : self
  }
}
