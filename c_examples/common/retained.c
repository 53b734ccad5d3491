/* What a board remembers over a reset, and how a run in the emulator ends. */
#include "board.h"
#include "semihosting.h"

/* Counts boots in RAM that survives a reset. Power-on leaves noise (zeroes in QEMU) here, which
 * the magic number tells from a count. Real firmware asks its reset-cause register instead; QEMU
 * models none on these boards. */
#define BOOTS_MAGIC 0xB0075EEDu
static struct {
  uint32_t magic;
  uint32_t count;
} s_boots __attribute__((section(".noinit.board_boots")));

uint32_t board_boot_count(void) {
  static uint32_t s_this_boot;
  if (s_this_boot == 0) {
    s_boots.count = (s_boots.magic == BOOTS_MAGIC) ? s_boots.count + 1 : 1;
    s_boots.magic = BOOTS_MAGIC;
    s_this_boot = s_boots.count;
  }
  return s_this_boot;
}

/* What the emulator was started with: the name of the program, then arguments. */
const char *board_command_line(void) {
  static char s_line[64];
  struct {
    char *buffer;
    uintptr_t len;
  } block = { s_line, sizeof(s_line) };
  return (semihosting(SEMIHOSTING_GET_CMDLINE, &block) == 0) ? s_line : "";
}

void board_exit(int code) {
  /* The reason "application exit" carries an exit code. */
  uintptr_t block[2] = { SEMIHOSTING_REASON_APPLICATION_EXIT, (uintptr_t)code };
  semihosting(SEMIHOSTING_EXIT_EXTENDED, block);
  while (1) {
  }
}
