# The project's verbs; `make help` lists them.

PREFIX ?= /usr/local
# A shell leaves the tilde of PREFIX=~/.local as it is, or not.
override PREFIX := $(patsubst ~/%,$(HOME)/%,$(PREFIX))
DEB_PACKAGES = libsqlite3-dev libpcre2-dev zlib1g-dev libzstd-dev libedit-dev libmd-dev
INSIGHTS = .build/release/insights
INSTALL_ROOT = $(DESTDIR)$(PREFIX)
# Everything but the C library, libm and libgcc is linked in.
STATIC = .build/static
STATIC_LIBRARIES = sqlite3 pcre2-8 z zstd edit tinfo bsd md stdc++
STATIC_PACKAGES = sqlite3:sqlite3 libpcre2-8:pcre2-8 zlib:z libzstd:zstd \
  libedit:edit libmd:md
# Unwind tables are a seventh of the program, and nothing in it unwinds.
RELEASE_FLAGS = -c release --product insights --static-swift-stdlib \
  --pkg-config-path $(CURDIR)/$(STATIC) -Xswiftc -use-ld=lld \
  -Xlinker -s -Xlinker --icf=safe -Xlinker -z -Xlinker pack-relative-relocs \
  -Xlinker -ltinfo -Xlinker -lbsd -Xlinker -lmd \
  -Xlinker --no-export-dynamic -Xlinker --no-eh-frame-hdr -Xlinker -T -Xlinker $(STATIC)/sections.ld
# A Debian 12 with nothing but its base system, to try a release on.
DEBIAN = .build/debian-12
DEMO_DB = .build/demo.db
# What is handed to machines without Swift.
VERSION = $(shell sed -n 's/.*static let version = "\(.*\)"/\1/p' Sources/insights/Insights.swift)
DIST_NAME = insights-$(VERSION)-linux-$(shell uname -m)
DIST = .build/dist
BENCH_LOG = .build/bench/two-million.log
BENCH_GROWTH_LOG = .build/bench/twenty-million.log
LOOPS_LOG = .build/bench/loops.log
LOOPS = .build/loops/release/InsightsBenchmarks
# A clone of https://github.com/logpai/loghub, which has 16 labelled logs of 2,000 lines.
LOGHUB = .build/loghub

.PHONY: help deps build test test-fast check-threads check-memory golden format lint check demo bench bench-growth bench-loops bench-cancel bench-server bench-patterns clients console-check console-measure release release-check dist \
  install uninstall clean picture

build: deps ## Build for development
	swift build

help: ## List the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

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

test-fast: deps ## Unit and golden tests only, for the inner loop; without ClickHouse
	swift test --skip CommandLineTests --traits Server --scratch-path .build/fast

# Sanitizers need everything built anew, in folders of their own.
THREAD_TESTS = InsightsThreadsTests|InsightsStoreTests|InsightsIngestTests|ScanTests|ScanLimitTests

check-threads: deps ## The tests of store and ingest with the thread sanitizer: some 15 minutes
	swift test --sanitize=thread --scratch-path .build/threads --filter '$(THREAD_TESTS)'

check-memory: deps ## The same with the address sanitizer: some 25 minutes
	LSAN_OPTIONS=suppressions=$(CURDIR)/Tests/leaks.suppressions \
	  swift test --sanitize=address --scratch-path .build/memory --filter '$(THREAD_TESTS)'

golden: deps ## Record what golden files expect; fails when something changed: review with git diff
	UPDATE_GOLDEN=1 swift test --filter 'GoldenTests|RepositoryTests|CommandLineTests'

format: ## Format the code
	swift format -i -p -r Package.swift Sources Tests

lint: ## Check the format of the code
	swift format lint --strict -p -r Package.swift Sources Tests

# Installs Debian packages; their names follow.
APT_INSTALL = sudo=""; [ "$$(id -u)" = 0 ] || sudo=sudo; $$sudo apt-get update -qq && \
  $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends
# Debian's Python has virtual environments in a package of their own.
NEEDS_VENV = python3 -c 'import ensurepip, venv' 2>/dev/null || { $(APT_INSTALL) python3-venv; }

# Real clients of the server's API, which the tests drive.
CLIENTS = .build/clients
CLIENT_REQUIREMENTS = Tests/Clients/requirements.txt

# ClickHouse's engine, over which tests run queries a second time.
CLICKHOUSE = .build/clickhouse
CLICKHOUSE_REQUIREMENTS = Tests/ClickHouse/requirements.txt

clients: $(CLIENTS)/installed $(CLICKHOUSE)/installed ## Install the clients and the database that tests drive, for this folder only

$(CLICKHOUSE)/installed: $(CLICKHOUSE_REQUIREMENTS)
	@$(NEEDS_VENV)
	@rm -rf $(CLICKHOUSE) && python3 -m venv $(CLICKHOUSE)
	@$(CLICKHOUSE)/bin/pip install --quiet --disable-pip-version-check --no-deps -r $(CLICKHOUSE_REQUIREMENTS)
	@touch $@

$(CLIENTS)/installed: $(CLIENT_REQUIREMENTS)
	@$(NEEDS_VENV)
	@rm -rf $(CLIENTS) && python3 -m venv $(CLIENTS)
	@$(CLIENTS)/bin/pip install --quiet --disable-pip-version-check -r $(CLIENT_REQUIREMENTS)
	@touch $@

# A real browser that walks through the console: Debian's Chromium, driven from Python.
CONSOLE_VENV = .build/console
CONSOLE_REQUIREMENTS = Tests/Console/requirements.txt

$(CONSOLE_VENV)/installed: $(CONSOLE_REQUIREMENTS)
	@$(NEEDS_VENV)
	@rm -rf $(CONSOLE_VENV) && python3 -m venv $(CONSOLE_VENV)
	@$(CONSOLE_VENV)/bin/pip install --quiet --disable-pip-version-check -r $(CONSOLE_REQUIREMENTS)
	@touch $@

console-check: build $(CONSOLE_VENV)/installed ## Walk through the console in a real browser; installs Chromium
	@command -v chromium >/dev/null || { $(APT_INSTALL) chromium; }
	@$(CONSOLE_VENV)/bin/python Tests/Console/check.py .build/debug/insights

console-measure: release $(BENCH_LOG) $(CONSOLE_VENV)/installed ## Measure the console over two million events; pictures in .build/console-pictures
	@command -v chromium >/dev/null || { $(APT_INSTALL) chromium; }
	@$(CONSOLE_VENV)/bin/python Tests/Console/measure.py $(INSIGHTS) $(BENCH_LOG) .build/console-pictures

check: lint clients console-check test ## What CI runs

.build/bench/two-million.log:
	@mkdir -p .build/bench && python3 Benchmarks/write_log.py 2000000 $@

.build/bench/loops.log:
	@mkdir -p .build/bench && python3 Benchmarks/write_log.py 150000 $@

.build/bench/twenty-million.log:
	@mkdir -p .build/bench && python3 Benchmarks/write_log.py 20000000 $@

bench: release $(BENCH_LOG) ## Time ingest and queries, beside DuckDB and chDB if installed
	@python3 Benchmarks/run.py $(INSIGHTS) $(BENCH_LOG)

bench-growth: release $(BENCH_LOG) $(BENCH_GROWTH_LOG) ## The same, and with ten times as much
	@python3 Benchmarks/run.py $(INSIGHTS) $(BENCH_LOG) --growth $(BENCH_GROWTH_LOG)

bench-loops: $(LOOPS) $(LOOPS_LOG) ## Time the hot loops by themselves, each over the same small log
	@$(LOOPS) $(LOOPS_LOG) $(LOOP)

bench-cancel: release $(BENCH_LOG) $(LOOPS) ## Measure how soon cancelled queries end, at 200 random moments of each
	@$(INSIGHTS) ingest $(BENCH_LOG) --db .build/bench/cancel.db --quiet >/dev/null
	@$(LOOPS) --cancel .build/bench/cancel.db 200

bench-server: release $(BENCH_LOG) ## Put a server under load, and say whether it keeps what it promises: CHECK="writers put" for some
	@python3 Benchmarks/serve.py $(INSIGHTS) $(BENCH_LOG) $(CHECK)

bench-patterns: $(LOOPS) ## Measure the accuracy of patterns on labelled logs: LOGHUB=<folder>
	@$(LOOPS) --patterns $$(find $(LOGHUB) -name '*_2k.log_structured.csv')

$(LOOPS): deps FORCE
	@swift build -c release --product InsightsBenchmarks --scratch-path .build/loops \
	  -Xswiftc -enable-testing -Xswiftc -DBENCHMARKS

FORCE:

release: deps $(STATIC) ## Build for use: one program that runs on any Debian 12
	swift build $(RELEASE_FLAGS)

# The linker takes libraries from the first folder that has them, and this one has archives only.
$(STATIC): Makefile
	@rm -rf $@ && mkdir -p $@
	@for library in $(STATIC_LIBRARIES); do \
	  archive=$$(clang -print-file-name=lib$$library.a); \
	  [ -f "$$archive" ] || { echo "lib$$library.a is missing: make deps"; exit 1; }; \
	  ln -s "$$archive" $@/lib$$library.a; \
	done
	@for package in $(STATIC_PACKAGES); do \
	  printf 'Name: %s\nDescription: linked in\nVersion: 0\nLibs: -L%s -l%s\n' \
	    $${package%:*} $(CURDIR)/$@ $${package#*:} > $@/$${package%:*}.pc; \
	done
	@echo 'SECTIONS { /DISCARD/ : { *(.eh_frame) } } INSERT AFTER .text;' > $@/sections.ld

dist: release ## Pack program, manual, completions and queries for machines without Swift
	@rm -rf "$(DIST)/$(DIST_NAME)" && mkdir -p "$(DIST)"
	@$(MAKE) --no-print-directory install DESTDIR="$(CURDIR)/$(DIST)/$(DIST_NAME)" PREFIX= >/dev/null
	@cd "$(DIST)" && tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -cf - \
	  $(DIST_NAME) | gzip -n9 > $(DIST_NAME).tar.gz \
	  && sha256sum $(DIST_NAME).tar.gz > $(DIST_NAME).tar.gz.sha256
	@cd "$(DIST)" && ls -l $(DIST_NAME).tar.gz $(DIST_NAME).tar.gz.sha256

release-check: dist ## Try the release on a plain Debian 12 (as root; uses debootstrap)
	@size=$$(stat -c %s $(INSIGHTS)); echo "$$size bytes"; \
	  [ $$size -lt 40000000 ] || { echo "the program is larger than 40 MB"; exit 1; }
	@command -v debootstrap >/dev/null || apt-get install -y -qq debootstrap
	@[ -x $(DEBIAN)/usr/bin/dpkg ] || debootstrap --variant=minbase bookworm $(DEBIAN) >/dev/null
	@cd $(DIST) && sha256sum --quiet -c $(DIST_NAME).tar.gz.sha256
	@tar -xzf $(DIST)/$(DIST_NAME).tar.gz -C $(DEBIAN)/usr --strip-components=1
	@cp -R SampleLogs $(DEBIAN)/root
	@mountpoint -q $(DEBIAN)/proc || mount -t proc proc $(DEBIAN)/proc
	@trap 'umount $(DEBIAN)/proc' EXIT; \
	for root in $(DEBIAN) /; do \
	  program=/usr/bin/insights; folder=/root/SampleLogs; \
	  [ $$root = $(DEBIAN) ] || { program=$(CURDIR)/$(INSIGHTS); folder=$(CURDIR)/SampleLogs; }; \
	  chroot $$root /bin/sh -ec 'cd "$$1"; \
	    "$$0" --version; "$$0" ingest payments --db check.db >/dev/null; \
	    "$$0" run lambda --db check.db --format json; "$$0" triage --db check.db; \
	    "$$0" query "stats count(*) by @type" --from orders-api; \
	    rm check.db' $$program $$folder > .build/release-check.$$(basename $$root | tr -d /) || exit 1; \
	done
	@cmp .build/release-check. .build/release-check.$(notdir $(DEBIAN))
	@[ $$(wc -c < .build/release-check.) -gt 10000 ]
	@echo "the release runs on a plain Debian 12 and answers as here"

install: release ## Install program, completions, manual page and saved queries below PREFIX
	install -d "$(INSTALL_ROOT)/bin" "$(INSTALL_ROOT)/share/insights/queries" \
	  "$(INSTALL_ROOT)/share/man/man1" "$(INSTALL_ROOT)/share/bash-completion/completions" \
	  "$(INSTALL_ROOT)/share/zsh/site-functions" "$(INSTALL_ROOT)/share/fish/vendor_completions.d"
	install -m 755 $(INSIGHTS) "$(INSTALL_ROOT)/bin/insights"
	cp -R Queries/. "$(INSTALL_ROOT)/share/insights/queries"
	$(INSIGHTS) manual > "$(INSTALL_ROOT)/share/man/man1/insights.1"
	$(INSIGHTS) --generate-completion-script bash \
	  > "$(INSTALL_ROOT)/share/bash-completion/completions/insights"
	$(INSIGHTS) --generate-completion-script zsh \
	  > "$(INSTALL_ROOT)/share/zsh/site-functions/_insights"
	$(INSIGHTS) --generate-completion-script fish \
	  > "$(INSTALL_ROOT)/share/fish/vendor_completions.d/insights.fish"

uninstall: ## Remove what install put below PREFIX
	rm -f "$(INSTALL_ROOT)/bin/insights" "$(INSTALL_ROOT)/share/man/man1/insights.1" \
	  "$(INSTALL_ROOT)/share/bash-completion/completions/insights" \
	  "$(INSTALL_ROOT)/share/zsh/site-functions/_insights" \
	  "$(INSTALL_ROOT)/share/fish/vendor_completions.d/insights.fish"
	rm -rf "$(INSTALL_ROOT)/share/insights"

picture: release ## Draw the picture of the README anew
	@script -qec 'Documentation/images/session.sh $(INSIGHTS)' /dev/null </dev/null \
	  | python3 Documentation/images/capture.py > .build/triage.svg
	@mv .build/triage.svg Documentation/images/triage.svg

clean: ## Remove what was built
	rm -rf .build
