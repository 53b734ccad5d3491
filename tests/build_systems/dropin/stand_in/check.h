/* How the stand-in for the kernel complains in this firmware. */
#pragma once

#include <stdlib.h>

#define CHECK(condition) ((condition) ? (void)0 : exit(101))
#define CHECK_EQ(got, wanted) CHECK((long long)(got) == (long long)(wanted))
