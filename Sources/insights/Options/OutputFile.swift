internal import Glibc
internal import InsightsIngest
internal import InsightsOutput
internal import InsightsText

/// Writes the output of commands that format their results themselves.
enum OutputFile {
  /// Opens the file, or standard output without a path, and writes what `write` appends.
  ///
  /// An existing file is replaced once the new one is complete. If standard output is a terminal,
  /// `pager` shows it.
  static func write(
    to path: String?, color: ColorChoice, through pager: @autoclosure () -> Pager? = nil,
    _ write: (Terminal, inout OutputBuffer) throws -> Void
  ) throws {
    try Interruption.check()
    if path == nil, let pager = pager() {
      let terminal = Terminal(fileDescriptor: STDOUT_FILENO, color: color)
      if try pager.show({ try write(terminal, &$0) }) { return }
    }
    let file = try path.map { try replacement(at: $0) }
    let descriptor = file?.descriptor ?? STDOUT_FILENO
    var buffer = OutputBuffer(fileDescriptor: descriptor)
    try write(Terminal(fileDescriptor: descriptor, color: color), &buffer)
    try buffer.flush()
    try file?.commit()
  }

  /// Begins a file that replaces the one at the path.
  static func replacement(at path: String, hasName: Bool = false) throws -> FileReplacement {
    do throws(OutputError) {
      return try FileReplacement(path: path, hasName: hasName)
    } catch {
      guard case .cannotCreate(let errorNumber) = error else { throw error }
      throw Failure(
        .cannotCreate, "cannot create '\(path)': \(String(cString: strerror(errorNumber)))")
    }
  }

  /// Rejects an output path that must not be overwritten: the store's files, an input, a database.
  ///
  /// With `makesDatabase` the command itself rejects an existing database.
  static func check(
    _ output: String?, store: String, inputs: [String] = [], makesDatabase: Bool = false
  ) throws {
    guard let output else { return }
    if output.isEmpty || output == "-" {
      throw Failure(
        .usage, "--output takes the name of a file, not '\(output)'",
        help: ["leave the option out to have the results on standard output"])
    }
    func refuse(_ what: String) -> Failure {
      Failure(
        .usage, "--output '\(output)' is \(what)",
        help: ["results are not written over what they come from; name another file"])
    }
    let file = SystemPath.followingLinks(store)
    for suffix in ["", "-wal", "-shm", "-journal", "-lock"] where isSame(output, file + suffix) {
      throw refuse(suffix.isEmpty ? "the store" : "a file of the store")
    }
    guard let existing = FileStatus(output), existing.kind == .file else { return }
    for input in inputs where input != "-" {
      let isInput = InputSnapshot(of: [input]).contains(existing.identity)
      if isInput || FileStatus(input)?.identity == existing.identity { throw refuse("an input") }
    }
    if !makesDatabase, existing.size > 0, DatabaseFile.isOne(output) { throw refuse("a database") }
  }

  /// Whether two paths lead to the same file, or will once it exists.
  private static func isSame(_ one: String, _ other: String) -> Bool {
    if let first = FileStatus(one), let second = FileStatus(other) {
      return first.identity == second.identity
    }
    func place(_ path: String) -> (folder: FileStatus.Identity?, name: Substring) {
      let path = SystemPath.followingLinks(path)
      guard let slash = path.lastIndex(of: "/") else {
        return (FileStatus(".")?.identity, path[...])
      }
      return (FileStatus(String(path[...slash]))?.identity, path[path.index(after: slash)...])
    }
    let (first, second) = (place(one), place(other))
    return first.folder != nil && first.folder == second.folder && first.name == second.name
  }
}
