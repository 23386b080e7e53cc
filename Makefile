# Everything that people and CI run. Each target installs what it needs.

LISTEN ?= 127.0.0.1:8080
PYTHON = /usr/bin/python3

.PHONY: build run check unit api bench deps asan tsan fresh format lint ci \
	clean

build: deps build/build.ninja
	@ninja -C build --quiet cleat

build/build.ninja: meson.build meson_options.txt
	meson setup --reconfigure build --buildtype=release -Ddebug=true \
		>/dev/null 2>&1 || \
	meson setup build --buildtype=release -Ddebug=true >/dev/null

asan: deps
	@test -f build/asan/build.ninja || meson setup build/asan \
		--buildtype=debugoptimized -Db_sanitize=address,undefined \
		-Db_lundef=false >/dev/null
	@ninja -C build/asan --quiet

tsan: deps
	@test -f build/tsan/build.ninja || meson setup build/tsan \
		--buildtype=debugoptimized -Db_sanitize=thread \
		-Db_pie=false -Db_lundef=false >/dev/null
	@ninja -C build/tsan --quiet

deps:
	@tools/deps

# Makes a store in var/ on first use, loads the sample data, serves.
run: build
	@$(PYTHON) tools/run --listen $(LISTEN)

# Unit tests, then every test over real servers, on the sanitized build.
check: build asan
	@tools/check

bench: build
	@tools/deps bench
	@bench/run

# make check and make run on a minimal Debian 12.
fresh:
	@tools/fresh

format:
	@git ls-files 'src/*.[ch]' 'tests/*.[ch]' 'bench/*.c' | \
		xargs clang-format -i

lint:
	@tools/lint

# What CI runs.
ci:
	@.ci/run

clean:
	rm -rf build
