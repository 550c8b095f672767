internal import Glibc

/// The processors of this machine.
public enum Processors {
  /// How many threads are worth while for work that keeps them busy: one for each processor, and
  /// eight at most.
  public static var workerCount: Int { max(1, min(Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))), 8)) }
}
