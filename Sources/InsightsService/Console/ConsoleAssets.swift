internal import CConsoleAssets
internal import InsightsEngine
internal import InsightsOutput

/// The files of the console's page: built in, or from a development folder.
struct ConsoleAssets: Sendable {
  /// The names of modules and style sheets, in the order of concatenation.
  let names: [String]
  /// `nil` for the built-in files.
  private let folder: String?

  init(folder: String? = nil) {
    self.folder = folder
    names = (0..<console_asset_count()).map { String(cString: console_assets()[$0].name) }
  }

  /// Returns the content of a file; `nil` if there is no file with that name.
  func text(of name: String) -> String? {
    guard let index = names.firstIndex(of: name) else { return nil }
    // Only names in the table are read, so no path leads out of the folder.
    if let folder { return TextFile.read("\(folder)/\(name)") }
    let asset = console_assets()[index]
    return String(
      decoding: UnsafeBufferPointer(start: asset.bytes, count: asset.length), as: UTF8.self)
  }

  /// All modules as one script, without their imports, which precede them.
  var script: String {
    var script = ""
    for name in names where name.hasSuffix(".js") {
      for line in (text(of: name) ?? "").split(separator: "\n", omittingEmptySubsequences: false)
      where !line.hasPrefix("import ") && !line.drop(while: { $0 == " " }).hasPrefix("// ") {
        script += line.hasPrefix("export ") ? line.dropFirst("export ".count) : line
        script += "\n"
      }
    }
    return script
  }

  /// All style sheets as one, preceded by the colours, which reports share.
  var styleSheet: String {
    names.filter { $0.hasSuffix(".css") }.reduce(Palette.styleSheet + "\n") {
      $0 + (text(of: $1) ?? "")
    }
  }
}
