# Memfault for firmware built with make: a list of C files and one include folder.
#
#   MEMFAULT_SDK_ROOT := third_party/memfault-rs
#   MEMFAULT_COMPONENTS := core util
#   include $(MEMFAULT_SDK_ROOT)/makefiles/MemfaultWorker.mk
#   SRCS += $(MEMFAULT_COMPONENTS_SRCS)
#   CFLAGS += -I$(MEMFAULT_COMPONENTS_INC_FOLDERS)
#
# In:  MEMFAULT_SDK_ROOT    path of this library, as the firmware's rules spell it
#      MEMFAULT_COMPONENTS  some of $(MEMFAULT_VALID_COMPONENTS)
# Out: MEMFAULT_COMPONENTS_SRCS         C files below MEMFAULT_SDK_ROOT
#      MEMFAULT_COMPONENTS_INC_FOLDERS  the include folder
#      MEMFAULT_COMPONENTS_DIR          the folder above it
#
# One of the C files carries the Rust part; cargo makes it under $(MEMFAULT_SDK_ROOT)/build/. All
# variables MEMFAULT_RS_* below may be set before this file is included, the flags also later.

# The rules here must not become what a plain `make` builds.
mflt_default_goal := $(if $(filter undefined,$(origin .DEFAULT_GOAL)),,$(.DEFAULT_GOAL))

MEMFAULT_VALID_COMPONENTS := core demo http panics util metrics

# $(call memfault_assert_arg_defined,<variable>,<text>): stops make when the variable is empty or not set.
memfault_assert_arg_defined = $(if $(filter undefined,$(origin $(1))),$(call mflt_undefined,$(1),$(2)),\
  $(if $(strip $($(1))),,$(call mflt_undefined,$(1),$(2))))
mflt_undefined = $(error Undefined $(strip $(1)): $(strip $(2)))

$(call memfault_assert_arg_defined,MEMFAULT_COMPONENTS,\
  name the components to build; valid are: $(MEMFAULT_VALID_COMPONENTS))
$(call memfault_assert_arg_defined,MEMFAULT_SDK_ROOT,\
  set it to the path of the Memfault library)
ifneq ($(words $(MEMFAULT_SDK_ROOT)),1)
  $(error MEMFAULT_SDK_ROOT has a space in it, which make cannot handle: $(MEMFAULT_SDK_ROOT))
endif

# The Rust target; empty: the one that fits $(CC) and its flags.
MEMFAULT_RS_TARGET ?=
# The compiler flags that decide about configuration, CPU and ABI. Firmware that keeps its flags in
# variables of other names sets this one. Expanded when it is used.
MEMFAULT_RS_CFLAGS ?= $(call mflt_value,CPPFLAGS) $(call mflt_value,CFLAGS)
MEMFAULT_RS_CARGO ?= cargo
# 0: the Rust part is not in MEMFAULT_COMPONENTS_SRCS; the firmware links $(MEMFAULT_RS_ARCHIVE), behind
# its objects. Needed with -flto.
MEMFAULT_RS_CARRIER ?= 1

# The value of a variable that may be undefined, without make's warning.
mflt_value = $(if $(filter undefined,$(origin $(1))),,$($(1)))

MEMFAULT_COMPONENTS_DIR := $(MEMFAULT_SDK_ROOT)/components
MEMFAULT_COMPONENTS_INC_FOLDERS := $(MEMFAULT_COMPONENTS_DIR)/include

ifeq ($(wildcard $(MEMFAULT_COMPONENTS_INC_FOLDERS)/memfault/config.h),)
  $(error $(MEMFAULT_COMPONENTS_INC_FOLDERS) leads to no headers. It is a symbolic link to ../include;\
    git creates it with core.symlinks=true, else copy the folder)
endif

# Firmware directories and targets do not share generated files.
mflt_key := $(firstword $(shell printf '%s' '$(CURDIR) $(MEMFAULT_RS_TARGET)' | cksum))
mflt_out := $(MEMFAULT_SDK_ROOT)/build/$(mflt_key)

# Cargo's intermediate files; firmware that is built for several boards may share them.
MEMFAULT_RS_CARGO_TARGET_DIR ?= $(mflt_out)/cargo

MEMFAULT_RS_ARCHIVE := $(mflt_out)/libmemfault_rs.a

# Units named like this belong to a component, demo_<component> to two, the others to all firmware.
mflt_component_units := demo http metrics panics
mflt_other_units := $(foreach component,$(filter-out $(MEMFAULT_COMPONENTS),$(mflt_component_units)),\
  %/memfault_rs_$(component).c %/memfault_rs_demo_$(component).c \
  $(wildcard $(MEMFAULT_SDK_ROOT)/shim/memfault_rs_$(component)_*.c))
MEMFAULT_COMPONENTS_SRCS := $(filter-out %/config_probe.c $(mflt_other_units),\
  $(sort $(wildcard $(MEMFAULT_SDK_ROOT)/shim/*.c)))
ifneq ($(MEMFAULT_RS_CARRIER),0)
  MEMFAULT_COMPONENTS_SRCS := $(MEMFAULT_COMPONENTS_SRCS) $(mflt_out)/memfault_rs.c
endif

mflt_empty :=
mflt_comma := ,
mflt_features := $(subst $(mflt_empty) $(mflt_empty),$(mflt_comma),\
$(strip $(sort core $(filter $(MEMFAULT_VALID_COMPONENTS),$(MEMFAULT_COMPONENTS)))))

# The shell's own message about a program that is not there does not say what to do.
mflt_cargo_found = command -v $(firstword $(MEMFAULT_RS_CARGO)) >/dev/null || { echo "Memfault: no program\
  $(firstword $(MEMFAULT_RS_CARGO)). Install Rust 1.88 or newer (https://rustup.rs) or set MEMFAULT_RS_CARGO." >&2; exit 1; }

# Cargo decides what is stale, so it is asked every time; a result that did not change keeps its time.
# MAKEFLAGS=, MFLAGS= : the job server is not open for cargo, which would say so.
mflt_xtask = $(mflt_cargo_found); MAKEFLAGS= MFLAGS= $(MEMFAULT_RS_CARGO) run --quiet --manifest-path $(MEMFAULT_SDK_ROOT)/Cargo.toml \
  --package xtask --no-default-features --target-dir $(MEMFAULT_RS_CARGO_TARGET_DIR) -- archive --quiet \
  --no-shim --config-object $(mflt_out)/config_probe.o --target-dir $(MEMFAULT_RS_CARGO_TARGET_DIR) \
  --features $(mflt_features) \
  $(if $(MEMFAULT_RS_TARGET),--target $(MEMFAULT_RS_TARGET))

.PHONY: mflt_always
mflt_always:

# Compiled every time, because any of the firmware's headers and flags may have changed.
$(mflt_out)/config_probe.o: $(MEMFAULT_SDK_ROOT)/shim/config_probe.c mflt_always
	@mkdir -p $(mflt_out)
	@$(CC) $(MEMFAULT_RS_CFLAGS) -I$(MEMFAULT_COMPONENTS_INC_FOLDERS) -fno-lto -w -g0 -c $< -o $@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

# File-scope assembly has no symbols in the eyes of link-time optimisation.
mflt_lto = $(filter -flto%,$(lastword $(filter -flto% -fno-lto,$(MEMFAULT_RS_CFLAGS))))
mflt_no_lto = $(if $(mflt_lto),$(error With $(mflt_lto) set MEMFAULT_RS_CARRIER := 0 and link $$(MEMFAULT_RS_ARCHIVE)))

$(mflt_out)/memfault_rs.c: $(mflt_out)/config_probe.o mflt_always
	@$(mflt_no_lto)$(mflt_xtask) --carrier $@

$(MEMFAULT_RS_ARCHIVE): $(mflt_out)/config_probe.o mflt_always
	@$(mflt_xtask) --out $(mflt_out)

.DEFAULT_GOAL := $(mflt_default_goal)
