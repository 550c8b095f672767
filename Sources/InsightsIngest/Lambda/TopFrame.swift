/// Selects the most useful frame of an error: the innermost one of the application's own code.
extension RuntimeError {
  private static let taskFolder = "/var/task/"
  /// The folders of the platform's own files and layers, for all languages.
  private static let platformFolders = ["/var/runtime/", "/var/lang/", "/opt/", "/usr/lib/"]

  /// The selected frame as its language shows it, and the frames from it on, which identify the
  /// fault.
  ///
  /// Frames of libraries inside it are excluded, since they change with the versions of the
  /// libraries.
  var ownCode: (topFrame: String?, frames: ArraySlice<Frame>) {
    let index = topFrameIndex
    return (index.flatMap { place(of: frames[$0]) }, frames[(index ?? 0)...])
  }

  private var topFrameIndex: Int? {
    func first(where isWanted: (Frame) -> Bool) -> Int? { frames.firstIndex(where: isWanted) }
    func isOfTask(_ frame: Frame) -> Bool { frame.file?.hasPrefix(Self.taskFolder) == true }
    // For exhausted memory the innermost frame shows which code allocated it.
    if OutOfMemory.isType(type ?? ""), let index = first(where: { !isOfPlatform($0) }),
      place(of: frames[index]) != nil
    {
      return index
    }
    let own = frames.indices.filter { isOwn(frames[$0]) }
    let ofTask = own.filter { isOfTask(frames[$0]) }
    // The outermost frame is the handler's; frames in other folders belong to libraries.
    let folder = ofTask.last.flatMap { Self.taskFolder(of: frames[$0]) }
    let isOfHandler = { folder == nil || Self.taskFolder(of: self.frames[$0]) == folder }
    return ofTask.first(where: isOfHandler)
      ?? own.first { frames[$0].file != nil } ?? own.first
      // All frames belong to libraries.
      ?? first(where: isOfTask) ?? first { $0.file != nil && !isOfPlatform($0) }
      ?? first { $0.file == nil && place(of: $0) != nil }
  }

  /// Returns the first folder below the task's folder.
  private static func taskFolder(of frame: Frame) -> String? {
    guard let file = frame.file, file.hasPrefix(taskFolder) else { return nil }
    let path = file.utf8.dropFirst(taskFolder.utf8.count)
    return path.firstIndex(of: UInt8(ascii: "/")).map { String(Substring(path[..<$0])) }
  }

  private func isOwn(_ frame: Frame) -> Bool {
    guard frame.file != nil || place(of: frame) != nil, !isOfPlatform(frame),
      language?.isDependency(frame) != true
    else {
      return false
    }
    return !LibraryFolders.contains(frame.file ?? "")
      && !(Self.taskFolder(of: frame).map(WellKnownPackages.contains) ?? false)
  }

  private func isOfPlatform(_ frame: Frame) -> Bool {
    if language?.isRuntimes(frame) == true { return true }
    guard let file = frame.file else { return false }
    return Self.platformFolders.contains { file.hasPrefix($0) }
  }

  private func place(of frame: Frame) -> String? {
    language.map { $0.place(of: frame) } ?? frame.fileAndFunction
  }
}

/// Folders that contain only libraries, wherever they are.
private enum LibraryFolders {
  private static let names: [StaticString] = [
    "node_modules/", "site-packages/", "dist-packages/", "/vendor/",
  ]

  static func contains(_ file: String) -> Bool { names.contains { file.offset(of: $0) != nil } }
}
