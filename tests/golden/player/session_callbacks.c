#include "session_callbacks.h"

#include <stddef.h>

#include "memfault/metrics/metrics.h"

// 31 sessions and the heartbeat.
#define FOR_EACH_SESSION(X) \
  X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15) X(16) \
  X(17) X(18) X(19) X(20) X(21) X(22) X(23) X(24) X(25) X(26) X(27) X(28) X(29) X(30) X(31)
#define MAX_SESSIONS 32

static session_callback s_started[MAX_SESSIONS];
static session_callback s_ends[MAX_SESSIONS];

#define DEFINE_CALLBACKS(n)       \
  static void started_##n(void) { \
    s_started[n](n);              \
  }                               \
  static void ends_##n(void) {    \
    s_ends[n](n);                 \
  }
FOR_EACH_SESSION(DEFINE_CALLBACKS)

#define STARTED(n) started_##n,
#define ENDS(n) ends_##n,
static const MemfaultMetricsSessionStartCb kStarted[MAX_SESSIONS] = { FOR_EACH_SESSION(STARTED) };
static const MemfaultMetricsSessionEndCb kEnds[MAX_SESSIONS] = { FOR_EACH_SESSION(ENDS) };

void session_callbacks_register(int session, session_callback started, session_callback ends) {
  // A session that does not exist has no callback, whatever is registered for it.
  const int index = session & (MAX_SESSIONS - 1);
  // A restored state may bring one back that was taken out.
  if (index == session && started != NULL) {
    s_started[session] = started;
  }
  if (index == session && ends != NULL) {
    s_ends[session] = ends;
  }
  const eMfltMetricsSessionIndex key = (eMfltMetricsSessionIndex)session;
  memfault_metrics_session_register_start_cb(key, started == NULL ? NULL : kStarted[index]);
  memfault_metrics_session_register_end_cb(key, ends == NULL ? NULL : kEnds[index]);
}
