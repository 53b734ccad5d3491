/* Configuration of the ABI check: nothing, so that -D and the defaults decide. */
#pragma once
