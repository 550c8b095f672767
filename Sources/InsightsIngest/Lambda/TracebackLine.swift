internal import InsightsText

/// The beginning of a traceback line: direct output of a process is split into one event per line.
struct TracebackLine: Sendable {
  /// The role of a line in a traceback.
  enum Role {
    /// The first line: `Traceback …`, `panic: …`, `thread 'main' panicked at …`.
    case head
    /// The text of an exception: the first line of a stack, or the last of a Python traceback;
    /// alone it is not an error.
    case exception
    /// A frame, a cause, or another line in the middle.
    case body
    /// The first line of a stack, inside a traceback or without a head.
    case stack
  }

  var beginning: StaticString
  var role: Role
  /// Whether spaces and margins precede the beginning.
  var isIndented: Bool

  init(_ beginning: StaticString, _ role: Role, isIndented: Bool = false) {
    self.beginning = beginning
    self.role = role
    self.isIndented = isIndented
  }

  /// Returns the role of a single-line event; `nil` if it is not a traceback line.
  static func role(of message: UnsafeBufferPointer<UInt8>) -> Role? {
    // Most events begin with a brace or an ISO time; traceback lines never do.
    guard let first = message.first, first != UInt8(ascii: "{"),
      first &- 48 >= 10 || (message.count > 4 && message[4] != UInt8(ascii: "-"))
    else { return nil }
    let table = Table.shared
    let isIndented = first == 0x20 || first == 0x09 || first == 0xC2
    guard isIndented || table.has(first) else { return nil }
    var end = message.count
    while end > 0, message[end - 1] == 0x0A || message[end - 1] == 0x0D { end -= 1 }
    guard end > 3, end < 65_536, message.firstOffset(of: 0x0A, to: end) == nil else { return nil }
    let line = UnsafeBufferPointer(rebasing: message[..<end])
    return table.role(of: line, isIndented: isIndented)
  }

  /// The lines of all languages by their first byte.
  private final class Table: Sendable {
    static let shared = Table()

    private let plain: [[TracebackLine]]
    private let indented: [[TracebackLine]]
    private let suffixes: [StaticString]
    private let firstBytes: ByteSet
    private let askedFor: ByteSet

    init() {
      var plain = [[TracebackLine]](repeating: [], count: 256)
      var indented = plain
      for line in Runtimes.all.flatMap({ $0.lines }) {
        let first = Int(line.beginning.utf8Start.pointee)
        if line.isIndented { indented[first].append(line) } else { plain[first].append(line) }
      }
      self.plain = plain
      self.indented = indented
      suffixes = Runtimes.all.flatMap { $0.exceptionSuffixes }
      let letters = (UInt8(ascii: "A")...UInt8(ascii: "z")).filter {
        $0.isLetter || $0 == UInt8(ascii: "_")
      }
      let asked = Runtimes.all.flatMap { $0.lineFirstBytes }
      askedFor = ByteSet(asked + letters)
      let begun = zip(UInt8.min...UInt8.max, plain).filter { !$0.1.isEmpty }.map(\.0)
      firstBytes = ByteSet(asked + letters + begun)
    }

    func has(_ first: UInt8) -> Bool { firstBytes.contains(first) }

    func role(of line: UnsafeBufferPointer<UInt8>, isIndented: Bool) -> Role? {
      let first = line[0]
      if let known = plain[Int(first)].first(where: { line.holds($0.beginning, at: 0) }) {
        return known.role
      }
      if isIndented {
        let start = Self.textStart(of: line)
        if start < line.count,
          let known = indented[Int(line[start])].first(where: {
            line.holds($0.beginning, at: start)
          })
        {
          return known.role
        }
      } else if isException(line) {
        return .exception
      }
      guard askedFor.contains(first) else { return nil }
      for runtime in Runtimes.all {
        if let role = runtime.role(of: line) { return role }
      }
      return nil
    }

    /// Returns the start of the text after spaces and the margin of an exception group.
    private static func textStart(of line: UnsafeBufferPointer<UInt8>) -> Int {
      var start = 0
      while start < line.count, line[start] <= 0x20 || line[start] == 0xC2 || line[start] == 0xA0 {
        start += 1
      }
      while line.holds("| ", at: start) || line.holds("+ ", at: start) {
        start += 2
        while start < line.count, line[start] == 0x20 { start += 1 }
      }
      return start
    }

    /// Whether a line is `name: message` or a bare name, and the name is that of an exception.
    private func isException(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
      var end = 0
      while end < line.count, isNameByte(line[end]) { end += 1 }
      // Node's `OrderMissing [Error]: …` and `Error [ERR_X]: …`.
      let isQualified = line.holds(" [", at: end) && line.firstOffset(of: "]: ", from: end) != nil
      guard end > 3, end == line.count || line[end] == UInt8(ascii: ":") || isQualified else {
        return false
      }
      var start = end
      while start > 0, line[start - 1] != UInt8(ascii: ".") { start -= 1 }
      guard line[start].isUpperCase else { return false }
      if suffixes.contains(where: {
        end >= $0.utf8CodeUnitCount && line.holds($0, at: end - $0.utf8CodeUnitCount)
      }) {
        return true
      }
      // A class of the application may have any name. Only a name with its module, or of several
      // words, is distinguishable from text.
      guard end < line.count else { return false }
      return start > 0 || line[start..<end].count { $0.isUpperCase } > 1
    }

    private func isNameByte(_ byte: UInt8) -> Bool {
      byte &- 48 < 10 || byte.isLetter || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
        || byte == UInt8(ascii: "$")
    }
  }
}
