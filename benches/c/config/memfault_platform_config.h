/*
 * Configuration of the benchmark firmware: every SDK option keeps its default. A build that needs
 * another value passes it with -D, so the name of the build and its options stand in one place
 * (xtask/src/bench/target.rs).
 */
#pragma once
