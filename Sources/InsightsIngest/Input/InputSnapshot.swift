internal import Glibc
public import InsightsText

/// The sizes of the files of some paths, to detect new content.
public struct InputSnapshot: Equatable, Sendable {
  private struct File: Equatable {
    var size: Int
    var seconds: Int
    var nanoseconds: Int
  }

  private let files: [String: File]

  /// Records the files of the paths, with all subfolders.
  public init(of paths: [String]) {
    var files: [String: File] = [:]
    for case .file(let path) in InputReader.entries(of: paths) {
      var status = stat()
      guard path.withSystemPath({ stat($0, &status) }) == 0 else { continue }
      files[path] = File(
        size: Int(status.st_size), seconds: status.st_mtim.tv_sec,
        nanoseconds: status.st_mtim.tv_nsec)
    }
    self.files = files
  }

  /// Whether a file is among them, by any path.
  public func contains(_ file: FileStatus.Identity) -> Bool {
    files.keys.contains { FileStatus($0)?.identity == file }
  }
}
