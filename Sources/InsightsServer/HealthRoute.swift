#if Server
  internal import Hummingbird

  /// `GET /health`: says that the server answers.
  enum HealthRoute {
    static func add(to router: Router<BasicRequestContext>) {
      router.get("health") { _, _ in "ok\n" }
    }
  }
#endif
