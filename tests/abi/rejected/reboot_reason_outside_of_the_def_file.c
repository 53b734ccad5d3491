/* Must not compile: reboot reasons can only be defined in the file */
#include "memfault/components.h"

MEMFAULT_EXPECTED_REBOOT_REASON_DEFINE(misplaced);
