/* The same tests as C++: macros have other bodies there. */
#include "macro_test.c"
