/* Inside reboot tracking (spec 20, 12.2 and 12.3): the retained region, and what becomes the reboot
 * event.
 */
#pragma once

#include <stdbool.h>

#include "memfault/core/inttypes_compat.h"
#include "memfault/core/reboot_tracking.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The 64 bytes that survive a reset, in native byte order. Old and new firmware and a bootloader
 * share them.
 */
typedef MEMFAULT_PACKED_STRUCT MfltRebootInfo {
  /* 0x21544252, "RBT!" in little endian. */
  uint32_t magic;
  uint8_t version;
  uint8_t crash_count;
  uint8_t rsvd1[1];
  uint8_t coredump_saved;
  /* A reason, or 0xFFFFFFFF for none. */
  uint32_t last_reboot_reason;
  uint32_t pc;
  uint32_t lr;
  uint32_t reset_reason_reg0;
  /* Bit i: metrics session i. */
  uint32_t active_sessions;
  uint32_t rsvd2[9];
} sMfltRebootInfo;

typedef struct MfltResetReasonInfo {
  eMemfaultRebootReason reason;
  uint32_t pc;
  uint32_t lr;
  uint32_t reset_reason_reg0;
  bool coredump_saved;
} sMfltResetReasonInfo;

/** Forgets the stored reason, registers and coredump flag; the crash count stays. */
void memfault_reboot_tracking_clear_reset_info(void);

/** Forgets the reasons of this boot. */
void memfault_reboot_tracking_clear_reboot_reason(void);

/** Reads what is stored. False, and *info is left alone, if there is nothing. */
bool memfault_reboot_tracking_read_reset_info(sMfltResetReasonInfo *info);

#ifdef __cplusplus
}
#endif
