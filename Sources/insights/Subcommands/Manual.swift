internal import ArgumentParser
internal import InsightsOutput

/// `insights manual`: prints the manual page, for those who install or package the program.
struct Manual: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write the manual page.", shouldDisplay: false)

  @OptionGroup var messages: MessageOptions

  func run() throws {
    try reporting(to: messages.reporter) {
      var buffer = OutputBuffer(fileDescriptor: 1)
      buffer.append(ManualPage.text)
      try buffer.flush()
      return .success
    }
  }
}
