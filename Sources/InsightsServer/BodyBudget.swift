#if Server
  internal import InsightsThreads

  /// Limits the memory of request bodies that are being received or processed, over all requests.
  final class BodyBudget: Sendable {
    /// The number of bytes that each body may have regardless of others, so that small requests are
    /// always read.
    private static let freeByteCount = 64 << 10

    private let rest: Locked<Int>

    init(byteCount: Int) {
      rest = Locked(byteCount)
    }

    /// The part of the budget that one body uses; released on deinitialization.
    final class Share: Sendable {
      private let budget: BodyBudget
      private let state = Locked((received: 0, taken: 0))

      init(of budget: BodyBudget) {
        self.budget = budget
      }

      deinit {
        let taken = state.withLock { $0.taken }
        budget.rest.withLock { $0 += taken }
      }

      /// Reserves room for more bytes; returns false if the budget is exhausted.
      func take(_ count: Int) -> Bool {
        state.withLock { state in
          state.received += count
          let wanted = max(state.received - BodyBudget.freeByteCount, 0) - state.taken
          guard wanted > 0 else { return true }
          let isThere = budget.rest.withLock { rest in
            guard rest >= wanted else { return false }
            rest -= wanted
            return true
          }
          if isThere { state.taken += wanted }
          return isThere
        }
      }
    }
  }
#endif
