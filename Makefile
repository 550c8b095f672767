# The project's verbs; `make help` lists them.

PREFIX ?= /usr/local
DEB_PACKAGES = libsqlite3-dev libpcre2-dev zlib1g-dev libzstd-dev
INSIGHTS = .build/release/insights
DEMO_DB = .build/demo.db
BENCH_LOG = .build/bench/two-million.log
BENCH_GROWTH_LOG = .build/bench/twenty-million.log

.PHONY: help deps build test test-fast golden format lint check demo bench bench-growth release install \
  uninstall clean

build: deps ## Build for development
	swift build

help: ## List the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

deps: ## Install the Debian packages that are missing
	@missing=""; for package in $(DEB_PACKAGES); do \
	  dpkg -s $$package >/dev/null 2>&1 || missing="$$missing $$package"; done; \
	if [ -n "$$missing" ]; then \
	  sudo=""; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	  echo "installing$$missing"; \
	  $$sudo apt-get update -qq && $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$missing; \
	fi

demo: release ## Build, ingest SampleLogs/ and show what the query pack finds
	@rm -f $(DEMO_DB)
	@for name in orders-api payments image-resizer stock-sync nightly-report checkout-webhook \
	  catalog-search partner-feed; do \
	  $(INSIGHTS) ingest SampleLogs/$$name --log-group /aws/lambda/$$name --db $(DEMO_DB) >/dev/null || exit; \
	done
	@$(INSIGHTS) ingest SampleLogs/api-gateway --db $(DEMO_DB) >/dev/null \
	  --log-group API-Gateway-Execution-Logs_k3m9x2p7qd/prod
	@$(INSIGHTS) ingest SampleLogs/partner-api --db $(DEMO_DB) >/dev/null \
	  --log-group API-Gateway-Execution-Logs_w4t8z1c6nb/prod
	@$(INSIGHTS) ingest SampleLogs/http-api --db $(DEMO_DB) >/dev/null \
	  --log-group /aws/apigateway/bookshop-http
	@$(INSIGHTS) info --db $(DEMO_DB) && echo
	@$(INSIGHTS) run lambda/errors lambda/slowest-requests lambda/oom-kills lambda/cold-starts \
	  --db $(DEMO_DB)
	@echo
	@echo "Next: $(INSIGHTS) query 'filter @message like /ERROR/ | limit 20' --db $(DEMO_DB)"
	@echo "      $(INSIGHTS) run lambda --db $(DEMO_DB)    (the whole pack)"

test: deps ## Build and run all tests
	swift test

test-fast: deps ## Unit and golden tests only, for the inner loop
	swift test --skip CommandLineTests

golden: deps ## Record what golden files expect; fails when something changed: review with git diff
	UPDATE_GOLDEN=1 swift test --filter 'GoldenTests|RepositoryTests|CommandLineTests'

format: ## Format the code
	swift format -i -p -r Package.swift Sources Tests

lint: ## Check the format of the code
	swift format lint --strict -p -r Package.swift Sources Tests

check: lint test ## What CI runs

.build/bench/two-million.log:
	@mkdir -p .build/bench && python3 Benchmarks/write_log.py 2000000 $@

.build/bench/twenty-million.log:
	@mkdir -p .build/bench && python3 Benchmarks/write_log.py 20000000 $@

bench: release $(BENCH_LOG) ## Time ingest and queries, beside DuckDB and chDB if installed
	@python3 Benchmarks/run.py $(INSIGHTS) $(BENCH_LOG)

bench-growth: release $(BENCH_LOG) $(BENCH_GROWTH_LOG) ## The same, and with ten times as much
	@python3 Benchmarks/run.py $(INSIGHTS) $(BENCH_LOG) --growth $(BENCH_GROWTH_LOG)

release: deps ## Build for use
	swift build -c release --product insights

install: release ## Install the program below PREFIX
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(DESTDIR)$(PREFIX)/share/insights/queries"
	install -m 755 .build/release/insights "$(DESTDIR)$(PREFIX)/bin/insights"
	cp -R Queries/. "$(DESTDIR)$(PREFIX)/share/insights/queries"

uninstall: ## Remove what install put below PREFIX
	rm -f "$(DESTDIR)$(PREFIX)/bin/insights"
	rm -rf "$(DESTDIR)$(PREFIX)/share/insights"

clean: ## Remove what was built
	rm -rf .build
