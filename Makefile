# Hi_Msg: build, run, test. `make` prints what there is; docs/development.md says more.
# The scripts behind the longer targets are in .ci/.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.NOTPARALLEL:

# Debian 12 has WebKitGTK 4.1 only; Wails asks for 4.0 without this tag.
APP_TAGS := desktop,production,webkit2_41
APP_FLAGS := -trimpath -ldflags '-s -w'

# Directories are among them: they change when a file goes away. Tests are not in the bundle.
FRONTEND_SOURCES := $(wildcard frontend/package-lock.json frontend/scripts/common-font.ts frontend/index.html frontend/*.config.* frontend/tsconfig*.json) \
	$(shell find frontend/src frontend/public -not -name '*.test.*' 2>/dev/null)
PAGE := frontend/dist/index.html
# What others made and is in the app, as the app shows it. A package that only the sources newly import is in it after the next
# change of one of these; a release's list is always made anew.
LICENCES := desktop/internal/licence/data/app.json.gz

.PHONY: help
help: ## print this
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-15s %s\n", $$1, $$2 }'

# --- set-up -----------------------------------------------------------------------------------------------------------

.PHONY: setup setup-build setup-run setup-test setup-faults setup-cluster setup-abuse setup-installers setup-installers-test setup-check
setup: setup-check ## install all that building, running and checking needs (apt, npm, Go tools)
setup-build setup-run setup-test setup-faults setup-cluster setup-abuse setup-installers setup-installers-test setup-check:
	@.ci/setup $(@:setup-%=%)

# --- build ------------------------------------------------------------------------------------------------------------

# Go knows by itself what is up to date, so its binaries are built every time; make watches the page only.
.PHONY: build bin/himsg-server bin/himsg-bench bin/himsg-clock bin/himsg-profiled bin/himsg bin/himsg-devtools
build: bin/himsg-server bin/himsg-bench bin/himsg ## build server, bench and app into bin/

# himsg-clock is the server with a clock that can be set, for one of the faults; himsg-profiled the one that says where its time goes.
# Never shipped.
bin/himsg-server bin/himsg-bench bin/himsg-clock bin/himsg-profiled: | setup-build
	cd server && CGO_ENABLED=0 go build $(APP_FLAGS) -o ../$@ ./cmd/$(@F)

# The NATS server of make cluster, of the same module that the tests run. Never shipped.
.PHONY: bin/nats-server
bin/nats-server: | setup-build
	cd server && CGO_ENABLED=0 go build $(APP_FLAGS) -o ../$@ github.com/nats-io/nats-server/v2

bin/himsg: $(PAGE) $(LICENCES)
	cd desktop && go build -tags $(APP_TAGS) $(APP_FLAGS) -o ../$@ .

# The same app, with WebKit's inspector: the end-to-end tests drive it by that. Never shipped.
bin/himsg-devtools: $(PAGE) $(LICENCES)
	cd desktop && go build -tags $(APP_TAGS),devtools $(APP_FLAGS) -o ../$@ .

$(PAGE): $(FRONTEND_SOURCES) | setup-build
	cd frontend && npm run --silent build

$(LICENCES): packaging/components.mjs $(wildcard packaging/licenses/*) frontend/package-lock.json $(wildcard */go.mod */go.sum) | setup-build some-dist
	@node packaging/components.mjs app bin/notices
	@cp bin/notices/licenses.json.gz $@

# Go code that embeds the page compiles only when dist holds a file. Any file will do for linters and generators.
.PHONY: some-dist
some-dist:
	@mkdir -p frontend/dist
	@[[ -n $$(ls -A frontend/dist) ]] || touch frontend/dist/.keep

.PHONY: installers
installers: $(PAGE) | setup-installers ## packages for Linux and Windows, archives, sums, SBOM, into dist/; VERSION=1.2.3
	@packaging/build

# --- run --------------------------------------------------------------------------------------------------------------

.PHONY: run cluster cluster-picture
run: setup-run bin/himsg-server bin/himsg ## start a demo company and the app; ONCE=1 takes a picture and stops
	@.ci/demo $(if $(ONCE),--once)

cluster: setup-cluster bin/himsg-server bin/himsg-bench bin/nats-server ## three servers, MariaDB and NATS, S3 and HAProxy on this machine; ONCE=1 tries it, judges and stops
	@mkdir -p bench
	@bin/himsg-bench cluster --server-bin bin/himsg-server --nats-bin bin/nats-server $(if $(ONCE),--once --messages 0 --out bench/cluster.json)

cluster-picture: setup-cluster bin/himsg-server bin/himsg-bench bin/nats-server bin/himsg-devtools ## two apps talk through make cluster while servers are killed: screens/cluster.png
	@cd desktop && HIMSG_E2E_SERVER=../../bin/himsg-server HIMSG_E2E_APP=../../bin/himsg-devtools HIMSG_E2E_BENCH=../../bin/himsg-bench \
		HIMSG_E2E_NATS=../../bin/nats-server HIMSG_SCREENS_DIR=$(CURDIR)/screens \
		go test -tags webkit2_41,cluster -count=1 -timeout 10m -run TestConversationWhileAServerIsKilled ./e2e

# --- tests ------------------------------------------------------------------------------------------------------------

.PHONY: test test-go test-ui test-browser test-e2e test-galera test-installers test-ages screens
test: setup-test some-dist bin/himsg-server bin/himsg-devtools ## run every test: Go with -race, UI, browser, end to end
	@node .ci/test.mjs go ui browser e2e
test-go: setup-test some-dist ## only the Go tests; MODULE=server for one of them
	@node .ci/test.mjs $(or $(MODULE),go)
test-ui: setup-build ## only the UI's unit tests
	@node .ci/test.mjs ui
test-browser: setup-test ## only the page in a real browser, with its fake bridge
	@node .ci/test.mjs browser
test-e2e: setup-test bin/himsg-server bin/himsg-devtools ## only the tests that drive the real app against the real server
	@node .ci/test.mjs e2e

.PHONY: test-windows
test-windows: some-dist ## the tests of what speaks to Windows, under wine (.ci/setup installers-test)
	@.ci/windows-tests

# Two releases, without what only archives and sums are made of.
two := bin/two-releases
test-installers: $(PAGE) | setup-installers-test ## two releases of all installers, tried in a Debian and under wine, and an update of the app; needs root
	@for version in 1.0.0 1.1.0; do VERSION=$$version DIST=$(two)/$$version packaging/build notices programs linux msis setup; done
	@packaging/test-linux $(two)/1.0.0 $(two)/1.1.0
	@packaging/test-windows $(two)/1.0.0 $(two)/1.1.0
	@packaging/test-update

test-ages: setup-test bin/himsg-server bin/himsg-devtools ## an older app and server beside these, and the way back from a newer app; OLD=commit
	@packaging/test-ages $(OLD)

test-galera: setup-cluster ## the store on two members of a Galera cluster; some 30 seconds, not part of CI
	@cd server && go test -tags galera -count=1 -timeout 10m -v -run TestGalera ./internal/sqlstore

screens: setup-test bin/himsg-server bin/himsg-devtools ## take a picture of every screen, into screens/; THEME=light for one theme only
	@HIMSG_SCREENS_DIR=$(CURDIR)/screens HIMSG_SCREENS_THEME=$(THEME) node .ci/test.mjs screens

.PHONY: docs-pictures
docs-pictures: ## renew the pictures of the handbooks, docs/images/{ko,en}, from those of make screens
	@$(MAKE) screens THEME=light
	@.ci/docs-pictures

# The page alone, with its fake bridge: minutes for what the app's own windows need half an hour for.
.PHONY: gallery
gallery: setup-test ## every screen, state and look of the page, into screens/gallery/index.html; LOOKS=some, ONLY=name
	@cd frontend && GALLERY_OUT=$(CURDIR)/screens/gallery GALLERY_LOOKS=$(LOOKS) GALLERY_ONLY='$(ONLY)' npx vitest run --project gallery

# --- checks -----------------------------------------------------------------------------------------------------------

.PHONY: check fmt lint generate
check: setup-check ## what CI runs: generated code, format, linters, tests
	@.ci/check

fmt: setup-check ## format Go and UI sources
	.tools/golangci-lint fmt desktop migrations server shared frontend/embed.go
	cd frontend && npm run --silent format

lint: setup-check some-dist ## all linters, Go for linux and windows
	@.ci/check format lint-go lint-go-windows lint-ui lint-shell lint-docs

# main() of the bindings build runs up to wails.Run, writes frontend/src/wailsjs and ends. Interfaces and not classes,
# since what crosses the bridge is plain JSON and the fake bridge returns literals.
generate: setup-build some-dist ## renew generated files: TypeScript bindings, OpenAPI, emoji
	@mkdir -p bin
	node frontend/scripts/emoji.mjs
	cd desktop && go build -tags bindings,webkit2_41 -o ../bin/himsg-bindings .
	tsoutputtype=interfaces bin/himsg-bindings >/dev/null
	@find frontend/src/wailsjs -type f -exec chmod 644 {} +
	@mkdir -p docs
	cd server && go run ./cmd/himsg-server openapi >../bin/openapi.json && mv ../bin/openapi.json ../docs/openapi.json

# --- measurements -----------------------------------------------------------------------------------------------------

# A window of Wails with nothing in it, beside which the app is measured. Never shipped.
.PHONY: bin/himsg-empty bin/himsg-empty-devtools
bin/himsg-empty: | setup-build
	cd desktop && go build -tags $(APP_TAGS) $(APP_FLAGS) -o ../$@ ./e2e/empty
bin/himsg-empty-devtools: | setup-build
	cd desktop && go build -tags $(APP_TAGS),devtools $(APP_FLAGS) -o ../$@ ./e2e/empty

.PHONY: bench bench-profiles bench-growth bench-app bench-search bench-files bench-retention bench-moving faults mutations abuse
bench: setup-test bin/himsg-server bin/himsg-bench ## measure the server beside its limits, into bench/ and docs/bench/; half an hour of a quiet machine; ONLY=name
	@mkdir -p bench
	@for part in $(or $(ONLY),starting speed fanout reads sockets pages files search); do \
		echo "== $$part"; case $$part in search) bin=;; *) bin='--server-bin bin/himsg-server';; esac; \
		case $$part in files) more='--sizes 10';; *) more=;; esac; \
		bin/himsg-bench $$part $$bin $$more --out bench/$$part.json || exit 1; \
	done
	@echo '== table' && bin/himsg-bench table

bench-profiles: setup-test bin/himsg-server bin/himsg-profiled bin/himsg-bench ## where the time of server and clients goes, for pprof, into bench/profiles/; some minutes; DB=sqlite
	@for part in speed fanout reads pages; do \
		case $$part in reads) length=;; *) length='--duration 4s';; esac; \
		case $$part in pages) length="$$length --messages 5000";; esac; \
		HIMSG_PROFILES=bench/profiles bin/himsg-bench $$part --server-bin bin/himsg-server $$length \
			$(if $(DB),--database $(DB)) --out bench/profiles/$$part.json || exit 1; \
	done

bench-growth: setup-test bin/himsg-server bin/himsg-bench ## the same work with 1,000 to 100,000 people and up to 3,000,000 messages, into bench/ and docs/bench/; a quarter of an hour; SHORT=1, DB=both
	@mkdir -p bench
	bin/himsg-bench growth --server-bin bin/himsg-server --out bench/growth.json $(if $(DB),--database $(DB)) $(if $(SHORT),--short)
	@bin/himsg-bench table

bench-files: bin/himsg-server bin/himsg-bench ## files of 10 MB and 1 GB up and down, beside cp and ServeContent; some minutes, some GB
	@mkdir -p bench
	bin/himsg-bench files --server-bin bin/himsg-server --out bench/files.json

bench-retention: bin/himsg-server bin/himsg-bench ## what retention costs those who write meanwhile, on both databases; takes some minutes
	@mkdir -p bench
	bin/himsg-bench retention --server-bin bin/himsg-server --out bench/retention.json

bench-moving: bin/himsg-server bin/himsg-bench ## an original Hi_Msg moves in, also killed at random moments, on both databases; takes some minutes
	@mkdir -p bench
	bin/himsg-bench moving --server-bin bin/himsg-server --out bench/moving.json

bench-app: setup-test bin/himsg-server bin/himsg bin/himsg-devtools bin/himsg-empty bin/himsg-empty-devtools ## what the app costs beside an empty window: start, memory, processor, disk; MINUTES=60 of traffic
	@mkdir -p bench
	@cd desktop && HIMSG_E2E_SERVER=../../bin/himsg-server HIMSG_E2E_APP=../../bin/himsg-devtools HIMSG_E2E_PLAIN=../../bin/himsg \
		HIMSG_E2E_EMPTY=../../bin/himsg-empty HIMSG_E2E_EMPTY_DEVTOOLS=../../bin/himsg-empty-devtools \
		HIMSG_BENCH_OUT=../../bench/app.json HIMSG_BUDGET_MINUTES=$(or $(MINUTES),3) \
		go test -tags webkit2_41,budget -count=1 -timeout 3h -v -run TestBudget ./e2e

bench-search: setup-test bin/himsg-bench ## searches among 1,000,000 messages, on both databases; takes some minutes
	@mkdir -p bench
	bin/himsg-bench search --out bench/search.json

faults: setup-faults bin/himsg-server bin/himsg-clock bin/himsg-bench ## break things under load, look for lost messages; FAULT=name, SHORT=1
	@mkdir -p bench
	@older=$$(.ci/older before-schema bin/himsg-server) || older=; \
	bin/himsg-bench faults --server-bin bin/himsg-server --clock-bin bin/himsg-clock --out bench/faults.json \
		$${older:+--old-bin $$older/bin/himsg-server} \
		$(addprefix --fault ,$(FAULT)) $(if $(SHORT),--short)

mutations: setup-test bin/himsg-bench ## take promises out of the code, in a copy, and see a suite turn red; ONLY=name
	@node .ci/mutations.mjs $(if $(ONLY),'$(ONLY)')

abuse: setup-abuse some-dist bin/himsg-server ## let sqlmap, wapiti, slowhttptest, sslscan and fuzzers loose; most of two hours; TOOL=name, DB=mariadb, FUZZ=10m
	@node .ci/abuse.mjs $(TOOL)

# --- the rest ---------------------------------------------------------------------------------------------------------

.PHONY: clean
clean: ## remove what make made, the demo company too
	rm -rf bin dist run screens bench frontend/dist $(LICENCES)
