/// The frames of Ruby's backtraces, which the runtime prints inside a JSON object.
enum RubyErrors {
  /// Lines of `/var/task/app.rb:12:in 'handler'`, the innermost first.
  static func frames(in lines: [String]) -> [RuntimeError.Frame] {
    lines.compactMap { line in
      let parts = line.split(separator: ":", maxSplits: 2)
      guard parts.count == 3, parts[0].hasSuffix(".rb"), let number = Int64(parts[1]),
        parts[2].hasPrefix("in ")
      else { return nil }
      let function = parts[2].dropFirst(3).filter { $0 != "'" && $0 != "`" }
      return RuntimeError.Frame(file: String(parts[0]), line: number, function: function)
    }
  }
}
