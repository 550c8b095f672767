internal import ArgumentParser
internal import Glibc
internal import InsightsOutput

/// Where results go, and in which format.
struct OutputOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How to write results: \(OutputFormatRegistry.all.map { $0.descriptor.name }.joined(separator: ", ")).",
      valueName: "format"),
    completion: .list(OutputFormatRegistry.all.map { $0.descriptor.name }))
  var format = OutputFormatRegistry.all[0].descriptor.name

  @Option(
    help: ArgumentHelp("Write the results to this file.", valueName: "file"), completion: .file())
  var output: String?

  func validate() throws {
    let names = OutputFormatRegistry.all.map { $0.descriptor.name }
    guard names.contains(format) else {
      throw ValidationError(
        "unknown format '\(format)'; formats: \(names.joined(separator: ", "))")
    }
  }

  /// Whether the format wants the pointers of events and statistics.
  var showsQueryDetails: Bool {
    OutputFormatRegistry.all.contains {
      $0.descriptor.name == format && $0.descriptor.showsQueryDetails
    }
  }

  /// Formats results with `write` and puts them where they belong.
  func write(
    color: ColorChoice,
    _ write: (any ResultFormatter, inout OutputBuffer) throws -> Void
  ) throws {
    let descriptor = try output.map(Self.create) ?? STDOUT_FILENO
    defer { if output != nil { close(descriptor) } }
    let terminal = Terminal(fileDescriptor: descriptor, color: color)
    guard let formatter = OutputFormatRegistry.formatter(named: format, for: terminal) else {
      throw ValidationError("unknown format '\(format)'")
    }
    var buffer = OutputBuffer(fileDescriptor: descriptor)
    try write(formatter, &buffer)
    try buffer.flush()
  }

  private static func create(_ path: String) throws -> Int32 {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw Failure(.cannotCreate, "cannot create '\(path)': \(String(cString: strerror(errno)))")
    }
    return descriptor
  }
}
