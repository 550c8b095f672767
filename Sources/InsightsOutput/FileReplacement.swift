internal import Glibc
internal import InsightsText

/// A file on its way: it takes the place of the one at its path, or appears there, whole with `commit`
/// and not at all without.
///
/// It is written beside the one that it replaces. Where the system can, it has no name until then,
/// so that a process that is killed leaves nothing. What is no regular file, such as a pipe or a
/// terminal, is written to directly.
public final class FileReplacement {
  /// Where to write.
  public let descriptor: Int32
  /// Where the file is until it is whole; `nil` where it has no name.
  public private(set) var temporaryPath: String?
  /// What it replaces, links followed; `nil` for what is written directly.
  private let target: String?

  /// Begins a file that is to be at `path`.
  ///
  /// `hasName`: it has a name from the start, for whoever opens it by that.
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
    // Those who may read it are the same as before.
    if existing != nil || unnamed < 0 {
      fchmod(descriptor, existing == nil ? mode & ~Self.mask : mode)
    }
  }

  deinit {
    close(descriptor)
    if let temporaryPath { _ = temporaryPath.withSystemPath { unlink($0) } }
    PendingFile.forget()
  }

  /// Puts the file in its place.
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

  /// Removes what of a file that is not whole yet has a name; for handlers of signals, which end the
  /// program then.
  public static func removePending() { PendingFile.remove() }

  /// Gives the file a name in the folder of the target.
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

  /// A file without a name; -1 where the file system has none, or none can be named later.
  private static func openUnnamed(in folder: String, mode: mode_t) -> Int32 {
    // O_TMPFILE, which is a macro that Swift cannot read.
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

  /// What new files are not open to.
  private static var mask: mode_t {
    let mask = umask(0)
    umask(mask)
    return mask
  }
}

/// The name of a file that is not whole yet, which goes when a signal ends the program.
private enum PendingFile {
  /// C text; read in the handler of a signal.
  nonisolated(unsafe) private static var path: UnsafeMutablePointer<CChar>?

  static func note(_ name: String) {
    forget()
    path = name.withSystemPath { strdup($0) }
    for number in [SIGINT, SIGTERM, SIGHUP] {
      var present = sigaction()
      sigaction(number, nil, &present)
      // Who handles signals ends the program in its own way.
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
