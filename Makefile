# Thin: each target prepares the machine (packages, toolchain check) and calls `cargo xtask`.
.PHONY: run test lint e2e bench dist
run:   ; @./xtask/prepare run   && ./xtask/with-env cargo xtask run $(ARGS)
test:  ; @./xtask/prepare test  && ./xtask/with-env cargo xtask ci
lint:  ; @./xtask/prepare build && ./xtask/with-env cargo xtask lint
e2e:   ; @./xtask/prepare test  && ./xtask/with-env cargo xtask e2e $(ARGS)
bench: ; @./xtask/prepare test  && ./xtask/with-env cargo xtask bench $(ARGS)
dist:  ; @./xtask/prepare build && ./xtask/with-env cargo xtask dist
