/* The build-id record (spec 20, chapter 14). Tools find the objects by name in the linked ELF:
 * symbol names, sizes, and the offsets of `type` and `short_len` are fixed. Read them at run time
 * only; their values change after the link.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "memfault/core/compiler.h"
#include "memfault/version.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  /* No id; the patch tool makes it MemfaultBuildIdSha1. */
  kMemfaultBuildIdType_None = 1,
  /* storage points to the linker's note. */
  kMemfaultBuildIdType_GnuBuildIdSha1 = 2,
  /* storage points to 20 bytes. */
  kMemfaultBuildIdType_MemfaultBuildIdSha1 = 3,
} eMemfaultBuildIdType;

typedef struct {
  const char *name;
  const char *version;
} sMfltOsVersion;

typedef struct {
  /* eMemfaultBuildIdType */
  uint8_t type;
  /* Bytes of the id, or of the note's header. */
  uint8_t len;
  /* Bytes of the id that go into events. */
  uint8_t short_len;
  uint8_t rsvd;
  const void *storage;
  const sMfltSdkVersion sdk_version;
  const sMfltOsVersion os_version;
} sMemfaultBuildIdStorage;

MEMFAULT_STATIC_ASSERT(offsetof(sMemfaultBuildIdStorage, type) == 0, "the patch tool reads byte 0");
MEMFAULT_STATIC_ASSERT(offsetof(sMemfaultBuildIdStorage, short_len) == 2,
                       "the patch tool reads byte 2");

#if defined(__cplusplus) && (defined(__GNUC__) || defined(__clang__))
  /* C++ has flexible arrays as an extension only. */
  #pragma GCC diagnostic push
  #pragma GCC diagnostic ignored "-Wpedantic"
#endif

/* An ELF note; the id follows the name. */
typedef MEMFAULT_PACKED_STRUCT {
  uint32_t namesz;
  uint32_t descsz;
  uint32_t type;
  char namedata[];
} sMemfaultElfNoteSection;

#if defined(__cplusplus) && (defined(__GNUC__) || defined(__clang__))
  #pragma GCC diagnostic pop
#endif

/* Unit tests change the record at run time. */
#ifdef MEMFAULT_UNITTEST
  #define MEMFAULT_BUILD_ID_QUALIFIER
#else
  #define MEMFAULT_BUILD_ID_QUALIFIER const
#endif

extern MEMFAULT_BUILD_ID_QUALIFIER sMemfaultBuildIdStorage g_memfault_build_id;

/* Not there with MEMFAULT_USE_GNU_BUILD_ID. */
extern MEMFAULT_BUILD_ID_QUALIFIER uint8_t g_memfault_sdk_derived_build_id[];

#ifdef __cplusplus
}
#endif
