/// Chooses the frame of an error at which to start looking: the innermost of the application's own
/// code.
extension RuntimeError {
  private static let taskFolder = "/var/task/"
  /// Where the platform's own files and layers are, in any language.
  private static let platformFolders = ["/var/runtime/", "/var/lang/", "/opt/", "/usr/lib/"]

  /// That frame as its language shows it.
  var topFrame: String? { topFrameIndex.flatMap { place(of: frames[$0]) } }

  /// The frames from that one on, by which faults are told apart: those of libraries inside it change
  /// with their versions.
  var ownFrames: ArraySlice<Frame> { frames[(topFrameIndex ?? 0)...] }

  private var topFrameIndex: Int? {
    func first(where isWanted: (Frame) -> Bool) -> Int? { frames.firstIndex(where: isWanted) }
    func isOfTask(_ frame: Frame) -> Bool { frame.file?.hasPrefix(Self.taskFolder) == true }
    // Of memory that ran out the innermost frame tells what asked for it.
    if OutOfMemory.isType(type ?? ""), let index = first(where: { !isOfPlatform($0) }),
      place(of: frames[index]) != nil
    {
      return index
    }
    let folder = handlerFolder
    let choices: [(Frame) -> Bool] = [
      { folder != nil && isOwn($0) && Self.taskFolder(of: $0) == folder },
      { isOwn($0) && isOfTask($0) },
      { isOwn($0) && $0.file != nil },
      isOwn,
      // All are of libraries.
      isOfTask,
      { $0.file != nil && !isOfPlatform($0) },
      { $0.file == nil && place(of: $0) != nil },
    ]
    for choice in choices {
      if let index = first(where: choice) { return index }
    }
    return nil
  }

  /// The folder below the task's in which the outermost frame of the application is, which is the
  /// handler's; `nil` where it is in none.
  private var handlerFolder: String? {
    frames.last { isOwn($0) && $0.file?.hasPrefix(Self.taskFolder) == true }
      .flatMap { Self.taskFolder(of: $0) }
  }

  /// The first folder below the task's.
  private static func taskFolder(of frame: Frame) -> String? {
    guard let file = frame.file, file.hasPrefix(taskFolder) else { return nil }
    let path = file.dropFirst(taskFolder.count)
    return path.firstIndex(of: "/").map { String(path[..<$0]) }
  }

  private func isOwn(_ frame: Frame) -> Bool {
    guard place(of: frame) != nil, !isOfPlatform(frame), language?.isDependency(frame) != true
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

/// Folders that hold nothing but libraries, wherever they are.
private enum LibraryFolders {
  private static let names: [StaticString] = [
    "node_modules/", "site-packages/", "dist-packages/", "/vendor/",
  ]

  static func contains(_ file: String) -> Bool { names.contains { file.offset(of: $0) != nil } }
}
