/* Configuration of the firmware. */
#define MEMFAULT_DATA_EXPORT_CHUNK_MAX_LEN 80
