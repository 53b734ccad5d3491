/* For test_demo_http.c: the demo component beside http. */
#pragma once

#define MEMFAULT_DEMO_SHELL_COMMAND_EXTENSIONS 1
#define MEMFAULT_HTTP_CHUNKS_API_HOST "chunks.example.net"
