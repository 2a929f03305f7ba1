# The short way to the presets of CMakePresets.json. `make help` lists the targets.
# NOTES: which, for `make shots`.
NOTES = notes/random-labels.md
.PHONY: all check soak demo shots reproduce bench bench-peers bench-peers-limit bench-peers-factorise bench-peers-measures bench-growth check-peers install help clean
build = cmake --preset $(1) > /dev/null && cmake --build --preset $(1)

all: ## the program: build/ermine
	@$(call build,release)

check: ## what a change must pass, in less than eight minutes; ./bootstrap check is all of it
	@./bootstrap check format shell web tests browser

demo: ## install what is missing, build, run the first note on real data
	@./bootstrap demo

soak: ## a kernel of 6,000 images, killed five times, is that of an undisturbed run: 15 minutes (IMAGES, MODEL, FLAGS)
	@$(call build,release) --target ermine_program soak_images && mkdir -p build/soak && \
		TMPDIR=$(CURDIR)/build/soak sh tests/soak/kernel.sh build/ermine build/tests/soak_images

shots: all ## pictures of NOTES as document, slides, dark, print and phone: build/shots
	@sh tests/browser/install.sh && node tests/browser/shots.mjs $(NOTES)

reproduce: ## the notes of notes/reproduction.list from nothing, verdicts on their claims: docs/reproduction.md
	@bench/reproduce.sh

bench: all ## what this machine can do and how much of it we reach: build/bench.json
	@build/ermine bench --output build/bench.json

bench-peers: ## the same trainings in PyTorch and JAX beside ours: build/bench-peers.json
	@bench/peers/run.sh

bench-growth: all ## how cost grows with members, width and batch: build/growth.jsonl, docs/growth.svg
	@build/bench/bench_growth > build/growth.jsonl && python3 bench/growth_plot.py build/growth.jsonl docs/growth.svg

bench-peers-limit: ## kernels of infinite width in Neural Tangents beside ours: build/bench-peers-limit.json
	@bench/peers/limit.sh

bench-peers-factorise: ## deep matrix factorisation in PyTorch beside ours: build/bench-peers-factorise.json
	@bench/peers/factorise.sh

bench-peers-measures: ## ten networks trained and measured in PyTorch beside ours: build/bench-peers-measures.json
	@bench/peers/measures.sh

check-peers: ## PyTorch computes what we compute: gradients, steps, curves, networks in files
	@bench/peers/check.sh

install: all ## program, library, headers, manual page, completions (PREFIX or DESTDIR)
	@cmake --install build $(if $(PREFIX),--prefix "$(PREFIX)")

clean: ## remove what was built
	rm -rf build web/dist web/node_modules tests/browser/node_modules

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 20
