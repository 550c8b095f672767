internal import Glibc
internal import InsightsText

/// Writes a file atomically: `commit` creates or replaces the file at the path; without it nothing
/// changes.
///
/// The data is written to the folder of the target. If the system supports it, the file has no name
/// until `commit`, so that a killed process leaves nothing behind. Pipes, terminals and other
/// special files are written to directly.
public final class FileReplacement {
  /// The descriptor to write to.
  public let descriptor: Int32
  /// The temporary path of the unfinished file; `nil` if it has no name.
  public private(set) var temporaryPath: String?
  /// The path to replace, with links resolved; `nil` if it is written to directly.
  private let target: String?

  /// Begins a file for `path`.
  ///
  /// `hasName` gives it a name from the start, for code that opens it by name.
  ///
  /// - Throws: `OutputError.cannotCreate`.
  public init(path: String, hasName: Bool = false) throws(OutputError) {
    let existing = FileStatus(path)
    if let existing, existing.kind != .file {
      target = nil
      descriptor = path.withSystemPath { open($0, O_WRONLY | O_CLOEXEC) }
      if descriptor < 0 { throw .cannotCreate(errorNumber: errno) }
      return
    }
    let target = SystemPath.followingLinks(path)
    self.target = target
    let folder = target.lastIndex(of: "/").map { String(target[...$0]) } ?? "./"
    var mode: mode_t = 0o644
    if existing != nil {
      var status = stat()
      guard target.withSystemPath({ stat($0, &status) }) == 0,
        target.withSystemPath({ access($0, W_OK) }) == 0
      else { throw .cannotCreate(errorNumber: errno) }
      mode = status.st_mode & 0o7777
    }
    let unnamed = hasName ? -1 : Self.openUnnamed(in: folder, mode: mode)
    if unnamed >= 0 {
      descriptor = unnamed
    } else if let (named, name) = Self.openNamed(in: folder) {
      descriptor = named
      temporaryPath = name
      PendingFile.note(name)
    } else {
      throw .cannotCreate(errorNumber: errno)
    }
    // Keep the permissions of the file that is replaced.
    if existing != nil || unnamed < 0 {
      fchmod(descriptor, existing == nil ? mode & ~Self.mask : mode)
    }
  }

  deinit {
    close(descriptor)
    if let temporaryPath { _ = temporaryPath.withSystemPath { unlink($0) } }
    PendingFile.forget()
  }

  /// Moves the complete file to its path.
  ///
  /// - Throws: `OutputError.writeFailed`.
  public func commit() throws(OutputError) {
    guard let target else { return }
    if temporaryPath == nil { temporaryPath = try linked(beside: target) }
    guard let name = temporaryPath else { return }
    let code = name.withSystemPath { name in target.withSystemPath { rename(name, $0) } }
    guard code == 0 else { throw .writeFailed(errorNumber: errno) }
    temporaryPath = nil
  }

  /// Deletes the unfinished file if it has a name; for signal handlers, which then end the program.
  public static func removePending() { PendingFile.remove() }

  /// Gives the file a temporary name in the target's folder; returns its path.
  private func linked(beside target: String) throws(OutputError) -> String {
    let folder = target.lastIndex(of: "/").map { String(target[...$0]) } ?? "./"
    while true {
      let name = folder + ".insights-\(UInt32.random(in: .min ... .max))"
      let code = name.withSystemPath {
        linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, $0, AT_SYMLINK_FOLLOW)
      }
      if code == 0 { return name }
      guard errno == EEXIST else { throw .writeFailed(errorNumber: errno) }
    }
  }

  /// Opens a file without a name; returns -1 if the file system does not support it, or if the file
  /// could not be named later.
  private static func openUnnamed(in folder: String, mode: mode_t) -> Int32 {
    // O_TMPFILE is a macro that Swift cannot import.
    let temporary: Int32 = 0o20000000 | O_DIRECTORY
    guard FileStatus("/proc/self/fd") != nil else { return -1 }
    return folder.withSystemPath { open($0, O_RDWR | O_CLOEXEC | temporary, mode) }
  }

  private static func openNamed(in folder: String) -> (descriptor: Int32, name: String)? {
    var name = SystemPath.bytes(of: folder + ".insights-XXXXXX").map { CChar(bitPattern: $0) }
    name.append(0)
    let descriptor = mkstemp(&name)
    guard descriptor >= 0, fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 else { return nil }
    return (descriptor, SystemPath.text(of: name.dropLast().map { UInt8(bitPattern: $0) }))
  }

  /// The process's umask.
  private static var mask: mode_t {
    let mask = umask(0)
    umask(mask)
    return mask
  }
}

/// The name of an unfinished file, which is deleted if a signal ends the program.
private enum PendingFile {
  /// A C string, so that a signal handler can read it.
  nonisolated(unsafe) private static var path: UnsafeMutablePointer<CChar>?

  static func note(_ name: String) {
    forget()
    path = name.withSystemPath { strdup($0) }
    for number in [SIGINT, SIGTERM, SIGHUP] {
      var present = sigaction()
      sigaction(number, nil, &present)
      // A program with its own handler decides itself how to end.
      guard present.__sigaction_handler.sa_handler == nil else { continue }
      signal(number) { number in
        PendingFile.remove()
        signal(number, SIG_DFL)
        raise(number)
      }
    }
  }

  static func remove() {
    if let path { unlink(path) }
  }

  static func forget() {
    let old = path
    path = nil
    free(old)
  }
}
