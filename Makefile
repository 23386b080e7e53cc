# Everything that people and CI run. Each target installs what it needs.

LISTEN ?= 127.0.0.1:8080
PYTHON = /usr/bin/python3

.PHONY: build run check check-postgres check-pgbouncer check-patroni check-browser check-services soak bench deps asan tsan fresh format lint ci ci-all clean

build: deps
	@tools/configure build --buildtype=release -Ddebug=true
	@ninja -C build --quiet cleat

asan: deps
	@tools/configure build/asan --buildtype=debugoptimized \
		-Db_sanitize=address,undefined -Db_lundef=false
	@ninja -C build/asan --quiet

tsan: deps
	@tools/configure build/tsan --buildtype=debugoptimized \
		-Db_sanitize=thread -Db_pie=false -Db_lundef=false
	@ninja -C build/tsan --quiet $(TARGETS)

deps:
	@tools/deps

# Makes a store in var/ on first use, loads the sample data, serves.
run: build
	@$(PYTHON) tools/run --listen $(LISTEN)

# Unit tests, then every test over real servers, on the sanitized build.
check: build asan
	@tools/check

# The same with every store on PostgreSQL, in a cluster that is made for it.
check-postgres: build asan
	@tools/deps postgres
	@tools/cluster tools/check

# What the APIs do, behind pgbouncer in transaction mode; TESTS names some.
check-pgbouncer: TESTS = tests/api
check-pgbouncer: build asan
	@tools/deps postgres
	@CLEAT_BIN="$(CURDIR)/build/asan/cleat" tools/cluster --pgbouncer \
		/usr/bin/python3 -m pytest -q -p no:cacheprovider \
		--dist loadgroup -n 4 $(TESTS)

# A primary is lost, and another takes over.
check-patroni: build
	@tools/deps postgres patroni
	@CLEAT_TEST_PATRONI=1 tools/cluster /usr/bin/python3 -m pytest -q -s \
		-p no:cacheprovider tests/fault/patroni

# People use a page of Ampersand's library for React in Debian's Chromium.
check-browser: asan
	@tools/deps browser
	@CLEAT_TEST_BROWSER=1 CLEAT_BIN="$(CURDIR)/build/asan/cleat" \
		$(PYTHON) -m pytest -q -p no:cacheprovider tests/e2e/browser

# Apinizer's test-connection against Debian's own services, started for it.
check-services: asan
	@tools/deps services
	@CLEAT_TEST_SERVICES=1 CLEAT_BIN="$(CURDIR)/build/asan/cleat" \
		$(PYTHON) -m pytest -q -p no:cacheprovider tests/e2e/services

# Tests of rare faults in their long form; most of an hour.
soak: build
	@tools/soak

bench: build
	@tools/deps bench
	@bench/run

# make check and make run on a minimal Debian 12.
fresh:
	@tools/fresh

format:
	@git ls-files 'src/*.[ch]' 'tests/*.[ch]' 'bench/*.[ch]' | \
		xargs clang-format -i

lint:
	@tools/lint

# What CI runs; ci-all is all that there is to run.
ci:
	@.ci/run

ci-all:
	@.ci/run --all

clean:
	rm -rf build
