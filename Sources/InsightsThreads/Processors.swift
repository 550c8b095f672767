internal import Glibc

/// The processors of this machine.
public enum Processors {
  /// The number of threads for CPU-bound work: one per processor, at most eight.
  public static var workerCount: Int { max(1, min(Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))), 8)) }
}
