/* What the SDK needs to know about the compiler (spec 30, chapter 14).
 *
 * The MEMFAULT_COMPILER_ARM* macros are always defined, to 0 or 1. Attributes, pc/lr access and
 * static asserts come from one header per compiler family, chosen at the end; include this file,
 * not those.
 */
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

/* Text of the argument as written / after macro expansion. */
#define MEMFAULT_QUOTE(str) #str
#define MEMFAULT_EXPAND_AND_QUOTE(str) MEMFAULT_QUOTE(str)

/* Both arguments as one token; MEMFAULT_CONCAT expands them first. */
#define MEMFAULT_CONCAT_(x, y) x##y
#define MEMFAULT_CONCAT(x, y) MEMFAULT_CONCAT_(x, y)

/* Characters of a string literal, a constant expression. */
#define MEMFAULT_STATIC_STRLEN(s) (sizeof(s) - 1)

/* Any 32-bit Arm; 64-bit Arm is not meant. */
#if defined(__arm__) || defined(__ICCARM__) || defined(__TI_ARM__)
  #define MEMFAULT_COMPILER_ARM 1
#else
  #define MEMFAULT_COMPILER_ARM 0
#endif

/* Application and real-time profiles. */
#if MEMFAULT_COMPILER_ARM && (defined(__ARM_ARCH_7A__) || defined(__ARM_ARCH_7R__) || \
                              defined(__ARM_ARCH_8A__) || defined(__ARM_ARCH_8R__))
  #define MEMFAULT_COMPILER_ARM_V7_A_R 1
#else
  #define MEMFAULT_COMPILER_ARM_V7_A_R 0
#endif

/* Cores from before the profiles. */
#if MEMFAULT_COMPILER_ARM && (defined(__ARM_ARCH_4T__) || defined(__ARM_ARCH_5T__) ||    \
                              defined(__ARM_ARCH_5TE__) || defined(__ARM_ARCH_5TEJ__) || \
                              defined(__ARM_ARCH_6__) || defined(__ARM_ARCH_6J__) ||     \
                              defined(__ARM_ARCH_6K__) || defined(__ARM_ARCH_6Z__) ||    \
                              defined(__ARM_ARCH_6ZK__) || defined(__ARM_ARCH_6T2__))
  #define MEMFAULT_COMPILER_ARM_LEGACY 1
#else
  #define MEMFAULT_COMPILER_ARM_LEGACY 0
#endif

/* Microcontroller profile: what the compiler says, or else every Arm that is none of the above. */
#if MEMFAULT_COMPILER_ARM && defined(__ARM_ARCH_PROFILE)
  #define MEMFAULT_COMPILER_ARM_CORTEX_M (__ARM_ARCH_PROFILE == 'M')
#elif MEMFAULT_COMPILER_ARM
  #define MEMFAULT_COMPILER_ARM_CORTEX_M \
    (!MEMFAULT_COMPILER_ARM_V7_A_R && !MEMFAULT_COMPILER_ARM_LEGACY)
#else
  #define MEMFAULT_COMPILER_ARM_CORTEX_M 0
#endif

#if defined(__CC_ARM)
  #include "compiler_armcc.h"
#elif defined(__TI_ARM__)
  #include "compiler_ti_arm.h"
#elif defined(__GNUC__) || defined(__clang__)
  #include "compiler_gcc.h"
#elif defined(__ICCARM__)
  #include "compiler_iar.h"
#else
  #error "this compiler is not supported: GCC, clang, IAR, Arm Compiler 5 and TI Arm are"
#endif

#ifdef __cplusplus
}
#endif
