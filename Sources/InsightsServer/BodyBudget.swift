#if Server
  internal import InsightsThreads

  /// Bounds what bodies take of memory that are being received or worked on, of all requests together.
  final class BodyBudget: Sendable {
    /// What each may have whatever the others have, so that small requests are always read.
    private static let freeByteCount = 64 << 10

    private let rest: Locked<Int>

    init(byteCount: Int) {
      rest = Locked(byteCount)
    }

    /// What one body has of the budget; it is given back when nothing refers to it any more.
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

      /// Takes room for more bytes; false where there is none.
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
