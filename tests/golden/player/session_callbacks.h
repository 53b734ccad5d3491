// Session callbacks have no argument; these know for which session they are called.
#pragma once

typedef void (*session_callback)(int session);

// NULL: none. The session's number tells which of the callbacks is registered.
void session_callbacks_register(int session, session_callback started, session_callback ends);
